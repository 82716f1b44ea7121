import { isDeepStrictEqual } from 'node:util';
import { abortController } from '../../abort-controller';
import type { Clock } from '../../../clock';
import type { DesiredResource, EvaluatedTemplate } from '../templates/evaluated-template';
import { inDependencyOrder } from './in-dependency-order';
import {
  removalOf,
  removalAfterCreate,
  removeResources,
  resourceContext,
  type ResourceWorld,
} from './remove-resources';
import { resolve } from '../templates/resolve';
import { ResourceFailure, type Properties, type ResourceContext } from '../resource-handler';
import type { Change, Removal, Stack, StackOutput, StackResource, UpdateAttempt } from './stack';

export type RetryStatus = 'CREATE_IN_PROGRESS' | 'UPDATE_IN_PROGRESS';

/** The surroundings of a deployment. */
export interface DeploymentWorld extends ResourceWorld {
  readonly clock: Clock;
  /** The status of a resource while its create is repeated, after it failed in an operation with rollback disabled. */
  readonly retryStatus: RetryStatus;
  /** @throws if another stack has the same export, or imports an export that would change or be deleted. */
  checkExports(stack: Stack, outputs: readonly StackOutput[]): void;
}

/** One create, update or delete of a stack, with its rollback and cleanup, in the order of CloudFormation. */
export class Deployment {
  private readonly cancellation = abortController();

  constructor(
    private readonly stack: Stack,
    private readonly world: DeploymentWorld,
  ) {}

  /** Cancels the running creates and updates, so that the rollback begins. */
  readonly cancel = () => this.cancellation.abort();

  async create(template: EvaluatedTemplate): Promise<void> {
    const { stack } = this;
    stack.template = template;
    stack.setStatus('CREATE_IN_PROGRESS', 'User Initiated');
    const failure = await this.apply(template, { changes: new Map(), leftovers: [] });
    if (failure === undefined) return stack.setStatus('CREATE_COMPLETE');
    if (stack.disableRollback) return stack.setStatus('CREATE_FAILED', failure);
    await this.rollBackCreate(failure);
  }

  /** Returns the stack to its last stable state. Without one, deletes all resources. */
  async rollBack(): Promise<void> {
    if (this.stack.attempt?.previous) await this.rollBackUpdate('User Initiated', new Set());
    else await this.rollBackCreate('');
  }

  /** Deletes the resources that were created before the failure. */
  private async rollBackCreate(failure: string): Promise<void> {
    const { stack } = this;
    const leftovers = stack.attempt ? this.unwanted(stack.attempt) : [];
    stack.setStatus('ROLLBACK_IN_PROGRESS', `${failure}Rollback requested by user.`);
    const failed = await this.remove([...leftovers, ...[...stack.resources.values()].map(removalAfterCreate)]);
    if (failed.length) stack.setStatus('ROLLBACK_FAILED', failedTo('delete', failed));
    else stack.setStatus('ROLLBACK_COMPLETE');
  }

  async update(template: EvaluatedTemplate): Promise<void> {
    const { stack } = this;
    // An update continues the failed updates before it that had rollback disabled.
    const previous = stack.status === 'CREATE_FAILED' ? undefined : stack.template;
    const attempt = stack.attempt ?? { previous, changes: new Map(), leftovers: [] };
    stack.attempt = attempt;
    stack.setStatus('UPDATE_IN_PROGRESS', 'User Initiated');
    const failure = await this.apply(template, attempt);
    if (failure === undefined) {
      stack.attempt = undefined;
      stack.template = template;
      stack.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      const removed = [...stack.resources.values()]
        .filter(({ logicalId }) => !template.resources.has(logicalId))
        .map((resource) => removalOf(resource));
      const failed = await this.cleanUp([...this.unwanted(attempt), ...removed]);
      return stack.setStatus(
        'UPDATE_COMPLETE',
        failed.length ? 'Update successful. One or more resources could not be deleted.' : undefined,
      );
    }
    if (stack.disableRollback) {
      stack.template = template;
      return stack.setStatus('UPDATE_FAILED', failure);
    }
    await this.rollBackUpdate(failure, new Set());
  }

  /**
   * Takes existing resources into the stack, without a change of the resources.
   *
   * @param imports The physical IDs by logical ID.
   */
  async import(template: EvaluatedTemplate, imports: ReadonlyMap<string, string>): Promise<void> {
    const { stack } = this;
    const previous = stack.template;
    stack.template = template;
    stack.setStatus('IMPORT_IN_PROGRESS', 'User Initiated');
    const failed: string[] = [];
    await inDependencyOrder(imports.keys(), (id) => template.resources.get(id)!.dependencies, async (id) => {
      const imported = await this.importResource(template, template.resources.get(id)!, imports.get(id)!);
      if (!imported) failed.push(id);
      return imported;
    });
    if (failed.length === 0) return stack.setStatus('IMPORT_COMPLETE');

    stack.template = previous;
    stack.setStatus('IMPORT_ROLLBACK_IN_PROGRESS', failedTo('import', failed));
    for (const id of imports.keys()) stack.resources.delete(id);
    stack.setStatus('IMPORT_ROLLBACK_COMPLETE');
  }

  private async importResource(
    template: EvaluatedTemplate, desired: DesiredResource, physicalId: string,
  ): Promise<boolean> {
    const { stack, world } = this;
    const resource: StackResource = {
      logicalId: desired.logicalId,
      type: desired.Type,
      physicalId,
      status: '',
      lastUpdated: new Date(world.clock.now()),
      isCreated: false,
      ...bookkeeping(desired),
    };
    stack.resources.set(desired.logicalId, resource);
    try {
      const { properties, masked } = this.propertiesOf(template, desired);
      stack.setResourceStatus(resource, 'IMPORT_IN_PROGRESS', {
        reason: 'Resource import started.', properties: masked,
      });
      const current = await world.handler(desired.Type).read!(this.context(resource), physicalId);
      if (!current) {
        throw new ResourceFailure(`Resource of type '${desired.Type}' with identifier '${physicalId}' was not found.`);
      }
      resource.state = { physicalId, properties, attributes: current.attributes };
      resource.isCreated = true;
      stack.setResourceStatus(resource, 'IMPORT_COMPLETE', {
        reason: 'Resource import completed.', properties: masked,
      });
      return true;
    } catch (error) {
      stack.setResourceStatus(resource, 'IMPORT_FAILED', { reason: (error as Error).message });
      return false;
    }
  }

  async delete(retain: ReadonlySet<string>): Promise<void> {
    const { stack, world } = this;
    stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
    try {
      world.checkExports(stack, []);
    } catch (error) {
      return stack.setStatus('DELETE_FAILED', (error as Error).message);
    }
    const policyOf = ({ logicalId }: StackResource, policy?: string) => (retain.has(logicalId) ? 'Retain' : policy);
    const leftovers = stack.attempt ? this.unwanted(stack.attempt) : [];
    const failed = await this.remove([
      ...leftovers.map((leftover) => ({ ...leftover, policy: policyOf(leftover.resource, leftover.policy) })),
      ...[...stack.resources.values()].map((resource) =>
        removalOf(resource, policyOf(resource, resource.deletionPolicy))),
    ]);
    if (failed.length) return stack.setStatus('DELETE_FAILED', failedTo('delete', failed));
    stack.deletionTime = new Date(world.clock.now());
    stack.outputs = [];
    stack.setStatus('DELETE_COMPLETE');
  }

  /** Creates and updates the resources of a template. After a failure, no further resource is started. */
  private async apply(template: EvaluatedTemplate, attempt: UpdateAttempt): Promise<string | undefined> {
    const { stack } = this;
    const failed = { create: [] as string[], update: [] as string[] };
    await inDependencyOrder(
      template.resources.keys(),
      (id) => template.resources.get(id)!.dependencies,
      async (id) => {
        const desired = template.resources.get(id)!;
        const existing = stack.resources.get(id);
        const done = existing?.isCreated
          ? await this.updateResource(template, desired, existing, attempt)
          : await this.createResource(template, desired, attempt, existing);
        if (!done) {
          failed[existing?.isCreated ? 'update' : 'create'].push(id);
          this.cancel();
        }
        return done;
      },
      this.cancellation.signal,
    );
    let failure = failedTo('create', failed.create) + failedTo('update', failed.update);
    if (!failure && this.cancellation.signal.aborted) failure = 'Operation cancelled. ';
    if (!failure) {
      try {
        const outputs = this.outputsOf(template);
        this.world.checkExports(stack, outputs);
        stack.outputs = outputs;
      } catch (error) {
        failure = `${(error as Error).message} `;
      }
    }
    return failure || undefined;
  }

  /** @param failed the resource of an earlier create that failed. It is deleted in the cleanup. */
  private async createResource(
    template: EvaluatedTemplate,
    desired: DesiredResource,
    { changes, leftovers }: UpdateAttempt,
    failed?: StackResource,
  ): Promise<boolean> {
    const { stack, world } = this;
    const verb = failed && world.retryStatus === 'UPDATE_IN_PROGRESS' ? 'UPDATE' : 'CREATE';
    const resource: StackResource = {
      logicalId: desired.logicalId,
      type: desired.Type,
      physicalId: verb === 'UPDATE' ? failed?.physicalId : undefined,
      status: '',
      lastUpdated: new Date(world.clock.now()),
      isCreated: false,
      ...bookkeeping(desired),
    };
    if (failed?.state) leftovers.push({ resource: failed, state: failed.state, forget: false });
    stack.resources.set(desired.logicalId, resource);
    changes.set(desired.logicalId, { resource });
    let properties: Properties = {};
    try {
      const told = this.propertiesOf(template, desired);
      properties = told.properties;
      stack.setResourceStatus(resource, `${verb}_IN_PROGRESS`, { properties: told.masked });
      resource.state = await world.handler(desired.Type).create(this.context(resource), properties);
      resource.physicalId = resource.state.physicalId;
      resource.isCreated = true;
      stack.setResourceStatus(resource, `${verb}_IN_PROGRESS`, {
        reason: 'Resource creation Initiated',
        properties: told.masked,
      });
      stack.setResourceStatus(resource, `${verb}_COMPLETE`, { properties: told.masked });
      return true;
    } catch (error) {
      const physicalId = error instanceof ResourceFailure ? error.physicalId : undefined;
      if (physicalId !== undefined) {
        resource.physicalId = physicalId;
        resource.state = { physicalId, properties, attributes: {} };
      }
      stack.setResourceStatus(resource, `${verb}_FAILED`, {
        reason: this.reason(error, 'Resource creation cancelled'),
      });
      return false;
    }
  }

  private async updateResource(
    template: EvaluatedTemplate,
    desired: DesiredResource,
    resource: StackResource,
    { changes, leftovers }: UpdateAttempt,
  ): Promise<boolean> {
    const { stack } = this;
    const before = resource.state!;
    const earlier = changes.get(desired.logicalId);
    // The state that an update left which failed with rollback disabled.
    const failed = earlier?.after === before ? undefined : earlier?.after;
    const policies = [resource.updateReplacePolicy, desired.UpdateReplacePolicy];
    let properties = before.properties;
    try {
      const told = this.propertiesOf(template, desired);
      properties = told.properties;
      Object.assign(resource, bookkeeping(desired));
      const isSame = isDeepStrictEqual(before.properties, properties);
      if (isSame && !failed) {
        if (resource.status === 'UPDATE_FAILED') stack.setResourceStatus(resource, 'UPDATE_COMPLETE');
        return true;
      }
      if (stack.disableRollback && this.replaces(desired.Type, before.properties, properties)) {
        throw new ResourceFailure('Replacement type updates not supported on stack with disable-rollback.');
      }
      const handler = this.world.handler(desired.Type);
      // With its earlier properties, the resource returns from the failed state, as in a rollback.
      const current = isSame ? failed! : before;
      const after = isSame ? current : { ...before, properties };
      const change: Change = { resource, before: earlier ? earlier.before : before, after };
      changes.set(desired.logicalId, change);
      resource.physicalId = current.physicalId;
      stack.setResourceStatus(resource, 'UPDATE_IN_PROGRESS', { properties: told.masked });
      resource.state = change.after = isSame
        ? await handler.restore(this.context(resource), current, before)
        : await handler.update(this.context(resource), before, properties);
      resource.physicalId = resource.state.physicalId;
      if (resource.physicalId !== before.physicalId) {
        leftovers.push({
          resource,
          state: before,
          policy: policies.includes('Retain') ? 'Retain' : undefined,
          forget: false,
        });
      }
      stack.setResourceStatus(resource, 'UPDATE_COMPLETE', { properties: told.masked });
      return true;
    } catch (error) {
      const change = changes.get(desired.logicalId);
      if (change && error instanceof ResourceFailure && error.physicalId !== undefined) {
        change.after = { ...before, properties, physicalId: error.physicalId };
        resource.physicalId = error.physicalId;
        if (error.physicalId !== before.physicalId) {
          leftovers.push({ resource, state: change.after, forget: false });
        }
      }
      stack.setResourceStatus(resource, 'UPDATE_FAILED', { reason: this.reason(error, 'Resource update cancelled') });
      return false;
    }
  }

  /**
   * Reverts an update in the dependency order of the previous template, then deletes the resources that it created.
   *
   * @param skip the resources that are not changed
   */
  async rollBackUpdate(reason: string, skip: ReadonlySet<string>): Promise<void> {
    const { stack, world } = this;
    const attempt = stack.attempt!;
    const { changes, leftovers } = attempt;
    const previous = attempt.previous!;
    stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', reason);
    stack.template = previous;
    const calm = new AbortController().signal;
    const failed: string[] = [];
    const updated = [...changes.values()].filter(({ before }) => before);
    for (const resource of stack.resources.values()) {
      const desired = previous.resources.get(resource.logicalId);
      if (desired) Object.assign(resource, bookkeeping(desired));
    }
    const dependencies = (id: string) => previous.resources.get(id)?.dependencies ?? [];
    await inDependencyOrder(
      updated.map(({ resource }) => resource.logicalId),
      dependencies,
      async (id) => {
        const { resource, before, after } = changes.get(id) as Required<Change>;
        stack.setResourceStatus(resource, 'UPDATE_IN_PROGRESS');
        try {
          const restored = skip.has(id)
            ? before
            : await world.handler(resource.type).restore(this.context(resource, calm), after, before);
          if (!skip.has(id)) leftovers.push(...[after, before].map((state) => ({ resource, state, forget: false })));
          Object.assign(resource, { state: restored, physicalId: restored.physicalId });
          stack.setResourceStatus(resource, 'UPDATE_COMPLETE');
          changes.delete(id);
          return true;
        } catch (error) {
          failed.push(id);
          stack.setResourceStatus(resource, 'UPDATE_FAILED', {
            reason: this.reason(error, 'Resource update cancelled'),
          });
          return false;
        }
      },
    );
    if (failed.length) return stack.setStatus('UPDATE_ROLLBACK_FAILED', failedTo('update', failed));
    stack.attempt = undefined;
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    const created = [...changes.values()].map(({ resource }) => removalAfterCreate(resource));
    await this.cleanUp([...this.unwanted(attempt), ...created]);
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE');
  }

  /** Whether the changed properties alone show that the update creates a new resource. */
  private replaces(type: string, before: Properties, after: Properties): boolean {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return (
      this.world.handler(type).replaces(names.filter((name) => !isDeepStrictEqual(before[name], after[name])))
      === 'True'
    );
  }

  private async remove(all: readonly Removal[]): Promise<string[]> {
    const failed = await removeResources(this.stack, this.world, all);
    const { attempt } = this.stack;
    // A later delete does not repeat the deletions that succeeded.
    if (attempt) attempt.leftovers = attempt.leftovers.filter(({ resource }) => failed.includes(resource.logicalId));
    return failed;
  }

  /** Returns the replaced and abandoned resources, except those that are in use again. */
  private unwanted({ leftovers }: UpdateAttempt): Removal[] {
    const byId = new Map<string, Removal>();
    for (const leftover of leftovers) {
      const {
        resource: { logicalId },
        state,
      } = leftover;
      const id = `${logicalId} ${state?.physicalId}`;
      if (state?.physicalId !== this.stack.resources.get(logicalId)?.state?.physicalId && !byId.has(id)) {
        byId.set(id, leftover);
      }
    }
    return [...byId.values()];
  }

  /** Deletes resources. A resource leaves the stack even if its deletion fails. */
  private async cleanUp(all: readonly Removal[]): Promise<string[]> {
    const failed = await this.remove(all);
    for (const { resource, forget } of all) if (forget) this.stack.resources.delete(resource.logicalId);
    return failed;
  }

  private propertiesOf(
    template: EvaluatedTemplate,
    desired: DesiredResource,
  ): { properties: Properties; masked: Properties } {
    const attributes = this.attributesView();
    const resolved = (mask: boolean) =>
      resolve(desired.Properties ?? {}, template.scope(attributes, mask)) as Properties;
    const properties = resolved(false);
    try {
      return { properties, masked: resolved(true) };
    } catch {
      // Some functions, such as Fn::Select, can use a secret but not its mask.
      return { properties, masked: {} };
    }
  }

  private outputsOf(template: EvaluatedTemplate): StackOutput[] {
    const scope = template.scope(this.attributesView());
    return [...template.outputs].map(([OutputKey, definition]) => ({
      OutputKey,
      OutputValue: asText(resolve(definition.Value, scope), OutputKey),
      Description: definition.Description,
      ExportName: definition.Export && asText(resolve(definition.Export.Name, scope), OutputKey),
    }));
  }

  private attributesView() {
    return new Map(
      [...this.stack.resources.values()].map((resource) => [
        resource.logicalId,
        {
          physicalId: resource.physicalId,
          getAtt: (attribute: string) => {
            const { state } = resource;
            if (state && Object.hasOwn(state.attributes, attribute)) return state.attributes[attribute];
            const handler = this.world.handler(resource.type);
            const value = state && handler.attribute?.(this.context(resource), state, attribute);
            if (value !== undefined) return value;
            throw new ResourceFailure(handler.missingAttribute(resource, attribute));
          },
        },
      ]),
    );
  }

  private context(resource: StackResource, signal = this.cancellation.signal): ResourceContext {
    return resourceContext(this.stack, this.world, resource, signal);
  }

  private reason(error: unknown, whenCanceled: string): string {
    return this.cancellation.signal.aborted && error instanceof ResourceFailure && error.canceled
      ? whenCanceled
      : (error as Error).message;
  }
}

function bookkeeping(
  desired: DesiredResource,
): Pick<StackResource, 'dependencies' | 'deletionPolicy' | 'updateReplacePolicy'> {
  return {
    dependencies: desired.dependencies,
    deletionPolicy: desired.DeletionPolicy,
    updateReplacePolicy: desired.UpdateReplacePolicy,
  };
}

function failedTo(verb: string, logicalIds: readonly string[]): string {
  return logicalIds.length ? `The following resource(s) failed to ${verb}: [${logicalIds.join(', ')}]. ` : '';
}

function asText(value: unknown, outputKey: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ResourceFailure(
    `Template format error: Output ${outputKey} is malformed. The Value field of every Outputs member must `
    + 'evaluate to a String.',
  );
}
