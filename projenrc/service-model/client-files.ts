/** Generates lambda/client/generated: the commands, the types of inputs and outputs, the enums and the exceptions. */
import { isIdempotent, limitsOf, shapesOfOperations } from './contract-files';
import { errorsOfEveryOperation } from './deviations';
import type { Docstrings } from './docstrings';
import { docstring, importOf, literal, WIDTH, wrapped } from './print';
import {
  enumValues, isError, isOperation, isRequired, namesOf, references, shapeOf, structureName, type ServiceModel,
} from './service-model';

const API_REFERENCE = 'https://docs.aws.amazon.com/ivs/latest/ChatAPIReference';

/** Returns the text on one line, or the alternative if the line is too long. */
const fitting = (flat: string, alternative: string) => (flat.length <= WIDTH ? flat : alternative);

/** Returns `start<Input, Output>end`, on three lines if it is too long for one. */
function generic(start: string, name: string, end: string): string {
  const types = `${name}CommandInput, ${name}CommandOutput`;
  return fitting(`${start}<${types}>${end}`, `${start}<\n  ${types}\n>${end}`);
}

/** Returns the errors that an operation can return. */
function errorsOf(model: ServiceModel, name: string): string[] {
  const listed = (model.shapes[name]!.errors ?? []).map(({ target }) => target);
  return [...new Set([...listed, ...errorsOfEveryOperation.map(({ error }) => error)])].sort();
}

/** Fails if the model lists an error of errorsOfEveryOperation for all operations. */
export function checkErrorsOfEveryOperation(model: ServiceModel): void {
  for (const { error } of errorsOfEveryOperation) {
    const unlisted = namesOf(model, isOperation)
      .filter((name) => !model.shapes[name]!.errors?.some(({ target }) => target === error));
    if (unlisted.length === 0 || !model.shapes[error]) {
      throw new Error(`The deviation of ${error} no longer applies: the model lists it for all operations,`
        + ' or it does not define it. Remove it from deviations.ts.');
    }
  }
}

export function commandsFile(model: ServiceModel, docs: Docstrings): string {
  const commands = namesOf(model, isOperation).map((name) => {
    const { input, output } = model.shapes[name]!;
    const result = structureName(output);
    const outputs = result ? `models.${result}, MetadataBearer` : 'MetadataBearer';
    const description = docs.find('operations', [name]);
    const tags = `@throws ${errorsOf(model, name).join(', ')}\n@see ${API_REFERENCE}/API_${name}.html`;
    const comment = docstring(description ? `${description}\n\n${tags}` : tags);
    const start = `export interface ${name}CommandOutput`;
    const values = [`operations.${name}`, ...isIdempotent(model, name) ? [] : ['ambiguousOutcome']];
    return [
      `export interface ${name}CommandInput extends models.${input!.target} {}`,
      fitting(`${start} extends ${outputs} {}`, `${start}\n  extends ${outputs} {}`),
      comment + generic(`export interface ${name}Command extends Command`, name, ' {}'),
      generic(`export const ${name}Command = /* @__PURE__ */ command`, name, `(${values.join(', ')});`),
      '',
    ].join('\n');
  });
  return `import type * as models from './models';
import * as operations from '../../../src/contract/generated/operations';
import { ambiguousOutcome } from '../ambiguous-outcome-error';
import { command, type Command } from '../command';
import type { MetadataBearer } from '../../http/types';

${commands.join('\n')}`;
}

export function allCommandsFile(model: ServiceModel): string {
  const commands = namesOf(model, isOperation).map((name) => `${name}Command`);
  return `${importOf(commands, './commands')}
/** The commands of all operations. */
export const allCommands = [
${wrapped(commands, '  ')}
];
`;
}

export function paginatorsFile(model: ServiceModel): string {
  const names = namesOf(model, ({ traits }) => traits?.['smithy.api#paginated']);
  for (const name of names) {
    const { inputToken, outputToken, pageSize } = model.shapes[name]!.traits!['smithy.api#paginated'];
    if (`${inputToken} ${outputToken} ${pageSize}` !== 'nextToken nextToken maxResults') {
      throw new Error(`${name}: the paginator supports only the members nextToken and maxResults.`);
    }
  }
  const imports = names.flatMap((name) => [`${name}Command`, `type ${name}CommandInput`, `type ${name}CommandOutput`]);
  const paginators = names.map((name) => docstring(`Iterates over all pages of ${name}.`)
    + generic(`export const paginate${name} = /* @__PURE__ */ paginator`, name, `(${name}Command);`) + '\n');
  return `${importOf(imports, './commands')}import { paginator } from '../paginator';\n\n${paginators.join('\n')}`;
}

/** Returns the names of all shapes inside the shapes, and of the shapes. */
function within(model: ServiceModel, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    references(shapeOf(model, name)).forEach(visit);
  };
  names.forEach(visit);
  return found;
}

export function enumsFile(model: ServiceModel, docs: Docstrings): string {
  const inContract = new Set(shapesOfOperations(model));
  const names = [...within(model, [...inContract, ...namesOf(model, isError)])]
    .filter((name) => enumValues(shapeOf(model, name)))
    .sort();
  const enums = names.map((name) => {
    const values = [...enumValues(shapeOf(model, name))!].sort();
    const shape = inContract.has(name) ? `constraints.${name}` : literal({ values });
    const union = values.map((value) => literal(value)).join(' | ');
    const start = `export const ${name} = /* @__PURE__ */ enumeration<${name}>(`;
    return docstring(docs.find('types', [name]))
      + fitting(`export type ${name} = ${union};`, `export type ${name} =\n  ${union};`) + '\n'
      + fitting(`${start}${shape});`, `${start}\n  ${shape});`) + '\n';
  });
  return `import * as constraints from '../../../src/contract/generated/constraints';
import { enumeration } from '../enumeration';

${enums.join('\n')}`;
}

/** Returns the TypeScript type of a shape, and adds the enums that it refers to. */
function typeOf(model: ServiceModel, name: string, enums: Set<string>): string {
  const shape = shapeOf(model, name);
  if (enumValues(shape)) {
    enums.add(name);
    return name;
  }
  switch (shape.type) {
    case 'string': return 'string';
    case 'integer': return 'number';
    case 'timestamp': return 'Date';
    case 'list': return `${typeOf(model, shape.member!.target, enums)}[]`;
    case 'map': return `Record<string, ${typeOf(model, shape.value!.target, enums)}>`;
    default: return name;
  }
}

/** The direction in which a structure is sent, if it is only one. */
type Direction = 'input' | 'output' | undefined;

/** Prints the members of a structure. */
function membersOf(
  model: ServiceModel, docs: Docstrings, name: string, direction: Direction, enums: Set<string>, without?: string,
): string {
  const { members = {} } = shapeOf(model, name);
  return Object.entries(members).filter(([member]) => member !== without).map(([member, reference]) => {
    const { target } = reference;
    const names = [`${name}.${member}`, `*.${member}`, ...direction ? [`${direction}:${target}`] : [], target];
    const text = docs.need('members', names, { type: shapeOf(model, target).type, ...limitsOf(model, target) });
    const optional = isRequired(reference) ? '' : '?';
    return `${docstring(text, '  ')}  ${member}${optional}: ${typeOf(model, target, enums)} | undefined;\n`;
  }).join('');
}

const capitalized = (name: string) => name[0]!.toUpperCase() + name.slice(1);

/** Prints a union like the SDK: a type for each member, of which exactly one is set. */
function unionOf(model: ServiceModel, docs: Docstrings, name: string, enums: Set<string>): string {
  const members = Object.entries(shapeOf(model, name).members!);
  const variants = [...members.map(([member]) => member), '$unknown'];
  const variantName = (member: string) => (member === '$unknown' ? '$UnknownMember' : `${capitalized(member)}Member`);
  const typesOf: { readonly [member: string]: string } = {
    ...Object.fromEntries(members.map(([member, { target }]) => [member, typeOf(model, target, enums)])),
    $unknown: '[string, any]',
  };
  const interfaces = variants.map((variant) => {
    const text = variant === '$unknown' ? 'A member that this version does not know: its name and its value.'
      : docs.need('members', [`${name}.${variant}`, shapeOf(model, name).members![variant]!.target]);
    const lines = variants.map((member) => (
      `    ${member}${member === variant ? `: ${typesOf[member]}` : '?: never'};\n`));
    return `${docstring(text, '  ')}  interface ${variantName(variant)} {\n${lines.join('')}  }\n`;
  });
  return `${docstring(docs.find('types', [name]))}export type ${name} =\n${
    variants.map((variant) => `  | ${name}.${variantName(variant)}`).join('\n')};
export declare namespace ${name} {\n${interfaces.join('')}}\n`;
}

export function modelsFile(model: ServiceModel, docs: Docstrings): string {
  const operations = Object.values(model.shapes).filter(isOperation);
  const inputs = within(model, operations.flatMap(({ input }) => structureName(input) ?? []));
  const outputs = within(model, operations.flatMap(({ output }) => structureName(output) ?? []));
  const errors = namesOf(model, isError);
  const names = [...new Set([...inputs, ...outputs, ...within(model, errors)])]
    .filter((name) => ['structure', 'union'].includes(shapeOf(model, name).type) && !errors.includes(name))
    .sort();
  const enums = new Set<string>();
  const types = names.map((name) => {
    if (shapeOf(model, name).type === 'union') return unionOf(model, docs, name, enums);
    const isShared = inputs.has(name) && outputs.has(name);
    const only = inputs.has(name) ? 'input' : 'output';
    const direction = isShared ? undefined : only;
    const members = membersOf(model, docs, name, direction, enums);
    return `${docstring(docs.find('types', [name]))}export interface ${name} {${members && `\n${members}`}}\n`;
  });
  return `${importOf(enums, './enums', 'import type')}\n${types.join('\n')}`;
}

export function exceptionsFile(model: ServiceModel, docs: Docstrings): string {
  const enums = new Set<string>();
  const structures = new Set<string>();
  const exceptions = namesOf(model, isError).map((name) => {
    const { traits, members = {} } = model.shapes[name]!;
    const fault: string = traits!['smithy.api#error'];
    const inside = within(model, Object.values(members).map(({ target }) => target));
    for (const inner of inside) if (shapeOf(model, inner).type === 'structure') structures.add(inner);
    const fields = membersOf(model, docs, name, undefined, enums, 'message');
    const text = docs.need('errors', [name], { status: traits!['smithy.api#httpError'] });
    const values = fault === 'client' ? `'${name}'` : `'${name}', '${fault}'`;
    return `${docstring(text)}export interface ${name} extends IvschatServiceException {
  readonly name: '${name}';
  readonly $fault: '${fault}';
${fields}}
export const ${name} = modeled<${name}>(${values});
`;
  });
  const imports = [
    importOf(enums, './enums', 'import type'),
    importOf(structures, './models', 'import type'),
    importOf(['modeled', 'type IvschatServiceException'], '../service-exception'),
  ];
  return `${imports.join('')}\n${exceptions.join('\n')}`;
}
