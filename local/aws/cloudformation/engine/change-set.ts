import { isDeepStrictEqual } from 'node:util';
import type { EvaluatedTemplate } from '../templates/evaluated-template';
import type { ResourceHandler } from '../resource-handler';
import type { Stack, StackOptions, Tag } from './stack';
import { validationError } from '../validation-error';

/** A change set: the data for DescribeChangeSet and ExecuteChangeSet. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly description?: string;
  readonly creationTime: Date;
  readonly template: EvaluatedTemplate;
  readonly options: StackOptions;
  readonly changes: readonly ResourceChange[];
  /** The physical IDs of the resources to import, by logical ID. */
  readonly imports: ReadonlyMap<string, string>;
  /** Whether the change set has no changes. An empty change set cannot be executed. */
  readonly empty: boolean;
}

export interface ResourceChange {
  readonly Action: 'Add' | 'Modify' | 'Remove' | 'Import';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False' | 'Conditional';
  readonly Scope: readonly string[];
  readonly Details: readonly unknown[];
}

/** Returns the changes of the resources of a stack, based on the templates and parameters only. */
export function changesOf(
  stack: Stack,
  template: EvaluatedTemplate,
  handler: (type: string) => ResourceHandler,
): ResourceChange[] {
  const changes: ResourceChange[] = [];
  for (const [LogicalResourceId, { Type }] of template.resources) {
    const existing = stack.resources.get(LogicalResourceId);
    if (!existing?.isCreated || !stack.template?.resources.has(LogicalResourceId)) {
      changes.push({
        Action: 'Add',
        LogicalResourceId,
        PhysicalResourceId: existing?.physicalId,
        ResourceType: Type,
        Scope: [],
        Details: [],
      });
      continue;
    }
    const scope = changedAttributes(
      stack.template.comparable(LogicalResourceId),
      template.comparable(LogicalResourceId),
    );
    if (scope.length === 0) continue;
    const [before, after] = [stack.template, template].map(
      (version) => version.comparable(LogicalResourceId).Properties as Record<string, unknown>,
    );
    const names = changedAttributes(before!, after!);
    const replacement = names.length ? handler(Type).replaces(names) : 'False';
    changes.push({
      Action: 'Modify',
      LogicalResourceId,
      PhysicalResourceId: existing.physicalId,
      ResourceType: Type,
      Replacement: replacement,
      Scope: scope,
      Details: [
        ...names.map((Name) =>
          detail({ Attribute: 'Properties', Name, RequiresRecreation: recreation[handler(Type).replaces([Name])] }),
        ),
        ...scope
          .filter((Attribute) => Attribute !== 'Properties')
          .map((Attribute) => detail({ Attribute, RequiresRecreation: 'Never' })),
      ],
    });
  }
  for (const { logicalId, physicalId, type } of stack.resources.values()) {
    if (!template.resources.has(logicalId)) {
      changes.push({
        Action: 'Remove',
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        Scope: [],
        Details: [],
      });
    }
  }
  return changes;
}

/** A resource to import into a stack, as CreateChangeSet names it. */
export interface ResourceToImport {
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceIdentifier: { readonly [property: string]: string };
}

/**
 * Returns the physical IDs of the resources to import, by logical ID.
 *
 * @throws ValidationError if a resource cannot be imported, or if the template has other changes.
 */
export function importsOf(
  stack: Stack,
  template: EvaluatedTemplate,
  resources: readonly ResourceToImport[],
  handler: (type: string) => ResourceHandler,
): Map<string, string> {
  const imports = new Map<string, string>();
  for (const { LogicalResourceId: id, ResourceType: type, ResourceIdentifier: given } of resources) {
    const desired = template.resources.get(id);
    if (desired?.Type !== type) {
      throw validationError(`Resource [${id}] of type [${type}] to import is not in the template`);
    }
    if (stack.resources.has(id)) throw validationError(`Resource [${id}] to import is already in the stack`);
    const { identifier } = handler(type);
    if (!identifier) throw validationError(`ResourceTypes [${type}] are not supported for Import`);
    const physicalId = given[identifier];
    if (!physicalId) {
      throw validationError(
        `Invalid ResourceIdentifier for ResourceToImport ${id}: [${Object.keys(given).join()}]`
        + ` Expected [${identifier}]`,
      );
    }
    if (!desired.DeletionPolicy) {
      throw validationError(`Resource [${id}] to import must have a DeletionPolicy attribute`);
    }
    imports.set(id, physicalId);
  }
  const others = changesOf(stack, template, handler).map((change) => change.LogicalResourceId)
    .filter((id) => !imports.has(id));
  if (others.length) {
    throw validationError(
      `You have modified resources [${others.join(', ')}] in your template that are not being imported. Update, create `
      + 'or delete operations cannot be executed during import operations.',
    );
  }
  if (stack.template ? differsInOutputs(stack.template, template) : template.outputs.size > 0) {
    throw validationError('As part of the import operation, you cannot modify or add [Outputs]');
  }
  return imports;
}

/** Returns whether outputs, tags or a failed operation make a deployment necessary although no resource differs. */
export function differsBesidesResources(stack: Stack, template: EvaluatedTemplate, options: StackOptions): boolean {
  const tags = (list: readonly Tag[]) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
  if (stack.hasFailed || !stack.template || differsInOutputs(stack.template, template)) return true;
  return options.tags !== undefined && !isDeepStrictEqual(tags(options.tags), tags(stack.tags));
}

function differsInOutputs(before: EvaluatedTemplate, after: EvaluatedTemplate): boolean {
  const outputs = (version: EvaluatedTemplate) =>
    Object.fromEntries([...version.outputs].map(([name, output]) => [name, version.withParameters(output)]));
  return !isDeepStrictEqual(outputs(before), outputs(after));
}

function changedAttributes(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
}

const recreation = { True: 'Always', False: 'Never', Conditional: 'Conditionally' } as const;

function detail(target: { Attribute: string; Name?: string; RequiresRecreation: string }) {
  return { Target: target, Evaluation: 'Static', ChangeSource: 'DirectModification' };
}
