import { isDeepStrictEqual } from 'node:util';
import type { EvaluatedTemplate } from '../templates/evaluated-template';
import type { ResourceHandler } from '../resource-handler';
import type { Stack, StackOptions, Tag } from './stack';

/** A change set: the data for DescribeChangeSet and ExecuteChangeSet. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description?: string;
  readonly creationTime: Date;
  readonly template: EvaluatedTemplate;
  readonly options: StackOptions;
  readonly changes: readonly ResourceChange[];
  /** Whether the change set has no changes. An empty change set cannot be executed. */
  readonly empty: boolean;
}

export interface ResourceChange {
  readonly Action: 'Add' | 'Modify' | 'Remove';
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

/** Returns whether outputs, tags or a failed operation make a deployment necessary although no resource differs. */
export function differsBesidesResources(stack: Stack, template: EvaluatedTemplate, options: StackOptions): boolean {
  const outputs = (version: EvaluatedTemplate) =>
    Object.fromEntries([...version.outputs].map(([name, output]) => [name, version.withParameters(output)]));
  const tags = (list: readonly Tag[]) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
  if (stack.hasFailed || !stack.template || !isDeepStrictEqual(outputs(stack.template), outputs(template))) return true;
  return options.tags !== undefined && !isDeepStrictEqual(tags(options.tags), tags(stack.tags));
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
