import { validationError } from '../validation-error';
import type { ParameterValues } from './parameters';
import { chooseBranches, references, resolve, type Scope } from './resolve';
import { parseTemplate, type OutputDefinition, type ResourceDefinition } from './template';

/** The environment of a template: its Region, account, stack, exports and parameters. */
export interface Surroundings {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly notificationArns: readonly string[];
  importValue(exportName: string): string;
  ssmParameter(name: string): string | undefined;
  localUrl(text: string): string;
}

/** A resource of a template after the evaluation of conditions. */
export interface DesiredResource extends ResourceDefinition {
  readonly logicalId: string;
  /** The resources that it depends on, through DependsOn and references. */
  readonly dependencies: ReadonlySet<string>;
}

/** A resource for `Ref` and `Fn::GetAtt`. */
export interface ExistingResource {
  readonly physicalId?: string;
  getAtt(attribute: string): unknown;
}

/** A template with parameter values, evaluated conditions and known dependencies. Resources are not resolved yet. */
export class EvaluatedTemplate {
  readonly resources = new Map<string, DesiredResource>();
  readonly outputs = new Map<string, OutputDefinition>();
  readonly description: string | undefined;
  /** The names of the imported exports. */
  readonly imports = new Set<string>();
  private readonly conditions = new Map<string, boolean>();
  private readonly mappings: { readonly [name: string]: unknown };
  private readonly conditionDefinitions: { readonly [name: string]: unknown };

  /** @throws ValidationError for references to missing resources, and for circular dependencies. */
  constructor(readonly body: string, readonly parameters: ParameterValues, readonly surroundings: Surroundings) {
    const template = parseTemplate(body);
    this.description = template.Description;
    this.mappings = template.Mappings ?? {};
    this.conditionDefinitions = template.Conditions ?? {};
    const scope = this.scope(new Map());
    for (const [logicalId, definition] of Object.entries(template.Resources)) {
      if (definition.Condition !== undefined && !scope.condition(definition.Condition)) continue;
      const chosen = chooseBranches(definition, scope) as ResourceDefinition;
      const dependencies = references(chosen.Properties);
      for (const name of [chosen.DependsOn ?? []].flat()) dependencies.add(name);
      this.resources.set(logicalId, { ...chosen, logicalId, dependencies });
    }
    for (const [name, definition] of Object.entries(template.Outputs ?? {})) {
      if (definition.Condition !== undefined && !scope.condition(definition.Condition)) continue;
      this.outputs.set(name, chooseBranches(definition, scope) as OutputDefinition);
    }
    this.checkReferences(new Set(Object.keys(template.Resources)));
    this.checkCircles();
  }

  /**
   * Returns the scope of the intrinsic functions.
   *
   * @param resources The existing resources.
   * @param mask Whether to mask the values of NoEcho parameters.
   */
  scope(resources: ReadonlyMap<string, ExistingResource>, mask = false): Scope {
    const { surroundings } = this;
    return {
      region: surroundings.region,
      mappings: this.mappings,
      ref: (name) => {
        const known = this.pseudoParameter(name) ?? this.parameterValue(name, mask) ?? resources.get(name)?.physicalId;
        if (known === undefined) throw unresolved([name], 'Resources');
        return known;
      },
      getAtt: (logicalId, attribute) => {
        const resource = resources.get(logicalId);
        if (!resource) throw unresolved([logicalId], 'Resources');
        return resource.getAtt(attribute);
      },
      condition: (name) => this.condition(name),
      importValue: (name) => {
        this.imports.add(name);
        return surroundings.importValue(name);
      },
      dynamicReference: (service, reference) => {
        const value = service === 'ssm' ? surroundings.ssmParameter(reference.replace(/:\d+$/, '')) : undefined;
        if (service !== 'ssm') {
          throw validationError(`Dynamic reference to '${service}' is not supported by the local service, only ssm.`);
        }
        if (value === undefined) throw validationError(`Parameter ${reference} not found.`);
        return value;
      },
      localUrl: (text) => surroundings.localUrl(text),
    };
  }

  /** Returns a resource definition for the comparison of two versions of a stack before a deployment. */
  comparable(logicalId: string): Record<string, unknown> {
    const { Type, Properties, Metadata, DeletionPolicy, UpdateReplacePolicy } = this.resources.get(logicalId)!;
    return { Type, Properties: this.withParameters(Properties ?? {}), Metadata, DeletionPolicy, UpdateReplacePolicy };
  }

  /** Resolves parameters. References to resources are not resolved. */
  withParameters(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => this.withParameters(element));
    if (typeof value !== 'object' || value === null) return value;
    const names = references(value);
    const scope = this.scope(new Map());
    const settled =
      [...names].every((name) => !this.resources.has(name)) && !JSON.stringify(value).includes('"Fn::ImportValue"');
    return settled
      ? resolve(value, scope)
      : Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, this.withParameters(nested)]));
  }

  private condition(name: string, within: readonly string[] = []): boolean {
    const known = this.conditions.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.conditionDefinitions, name) || within.includes(name)) {
      throw validationError(
        `Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`,
      );
    }
    const scope: Scope = { ...this.scope(new Map()), condition: (other) => this.condition(other, [...within, name]) };
    const result = resolve(this.conditionDefinitions[name], scope) === true;
    this.conditions.set(name, result);
    return result;
  }

  private parameterValue(name: string, mask: boolean): unknown {
    const parameter = this.parameters.get(name);
    return parameter && (mask && parameter.noEcho ? '****' : parameter.value);
  }

  private pseudoParameter(name: string): unknown {
    const { region, accountId, stackName, stackId, notificationArns } = this.surroundings;
    const values: { readonly [name: string]: unknown } = {
      'AWS::Region': region,
      'AWS::AccountId': accountId,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stackName,
      'AWS::StackId': stackId,
      'AWS::NotificationARNs': notificationArns,
    };
    return Object.hasOwn(values, name) ? values[name] : undefined;
  }

  private checkReferences(defined: ReadonlySet<string>): void {
    const known = (name: string) =>
      this.resources.has(name)
      || this.parameters.has(name)
      || name === 'AWS::NoValue'
      || this.pseudoParameter(name) !== undefined;
    for (const resource of this.resources.values()) {
      const dependsOn: ReadonlySet<string> = new Set([resource.DependsOn ?? []].flat());
      const missing = [...resource.dependencies].filter(
        (name) => (dependsOn.has(name) ? !defined.has(name) : !known(name)),
      );
      if (missing.length) throw unresolved(missing, 'Resources');
    }
    const missing = [...this.outputs.values()]
      .flatMap((output) => [...references([output.Value, output.Export])])
      .filter((name) => !known(name));
    if (missing.length) throw unresolved(missing, 'Outputs');
  }

  private checkCircles(): void {
    const done = new Set<string>();
    const visit = (logicalId: string, path: readonly string[]) => {
      if (path.includes(logicalId)) {
        throw validationError(
          `Circular dependency between resources: [${path.slice(path.indexOf(logicalId)).join(', ')}]`,
        );
      }
      if (done.has(logicalId)) return;
      for (const dependency of this.resources.get(logicalId)?.dependencies ?? []) {
        visit(dependency, [...path, logicalId]);
      }
      done.add(logicalId);
    };
    for (const logicalId of this.resources.keys()) visit(logicalId, []);
  }
}

function unresolved(names: readonly string[], block: string) {
  return validationError(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the ${block} block of the `
    + 'template',
  );
}
