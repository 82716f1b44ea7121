import { parseDocument, type CollectionTag, type ScalarTag } from 'yaml';
import { validationError } from '../validation-error';

export interface Template {
  readonly Description?: string;
  readonly Parameters?: { readonly [name: string]: ParameterDefinition };
  readonly Mappings?: { readonly [name: string]: unknown };
  readonly Conditions?: { readonly [name: string]: unknown };
  readonly Resources: { readonly [logicalId: string]: ResourceDefinition };
  readonly Outputs?: { readonly [name: string]: OutputDefinition };
}

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: unknown;
  readonly Description?: string;
  readonly NoEcho?: boolean | string;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
}

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly Metadata?: unknown;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface OutputDefinition {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
];

/**
 * Parses a template in JSON or YAML, including the short forms of functions such as `!Ref`.
 *
 * @throws ValidationError for template format errors and for a `Transform`.
 */
export function parseTemplate(body: string): Template {
  const template = read(body);
  if (!isObject(template)) throw validationError('Template format error: unsupported structure.');
  const unknown = Object.keys(template).filter((section) => !sections.includes(section));
  if (unknown.length) throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  if (template.Transform !== undefined) {
    throw validationError(
      `Transform ${JSON.stringify(template.Transform)} is not supported by the local service. Deploy a template `
      + 'without transforms.',
    );
  }
  const resources = template.Resources;
  if (!isObject(resources) || Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
      throw validationError(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
    }
    if (!isObject(resource) || typeof resource.Type !== 'string') {
      throw validationError(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
      );
    }
  }
  return template as unknown as Template;
}

function read(body: string): unknown {
  try {
    return body.trimStart().startsWith('{') ? JSON.parse(body) : readYaml(body);
  } catch (error) {
    throw validationError(`Template format error: ${(error as Error).message.split('\n')[0]}`);
  }
}

function readYaml(body: string): unknown {
  const document = parseDocument(body, { customTags: shortForms, schema: 'core' });
  if (document.errors[0]) throw document.errors[0];
  return document.toJS();
}

const functionNames = [
  'Base64',
  'Cidr',
  'FindInMap',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Select',
  'Split',
  'Sub',
  'And',
  'Or',
  'Not',
  'Equals',
  'Length',
  'ToJsonString',
];
const shortForms: (ScalarTag | CollectionTag)[] = [
  ...functionNames.flatMap((name) => shortForm(`!${name}`, (argument) => ({ [`Fn::${name}`]: argument }))),
  ...shortForm('!Ref', (name) => ({ Ref: name })),
  ...shortForm('!Condition', (name) => ({ Condition: name })),
  ...shortForm('!GetAtt', (target) => ({ 'Fn::GetAtt': typeof target === 'string' ? splitAttribute(target) : target })),
];

function shortForm(tag: string, long: (argument: unknown) => unknown): (ScalarTag | CollectionTag)[] {
  return [
    { tag, resolve: (text) => long(text) },
    { tag, collection: 'seq', resolve: (node) => long(node.toJSON()) },
    { tag, collection: 'map', resolve: (node) => long(node.toJSON()) },
  ];
}

/** Splits `Resource.Nested.Attribute` into `['Resource', 'Nested.Attribute']`. */
export function splitAttribute(target: string): [string, string] {
  const dot = target.indexOf('.');
  return dot < 0 ? [target, ''] : [target.slice(0, dot), target.slice(dot + 1)];
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
