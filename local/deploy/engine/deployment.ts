import { isDeepStrictEqual } from 'node:util';
import type { DesiredResource, EvaluatedTemplate } from './evaluated-template';
import { inDependencyOrder } from './in-dependency-order';
import { doomed, doomedAfterCreate, removeResources, resourceContext, type Doomed, type ResourceWorld } from './remove-resources';
import { resolve } from './resolve';
import { ResourceFailure, type Properties, type ResourceContext, type ResourceState } from './resource-handler';
import type { Clock, Stack, StackOutput, StackResource } from './stack';

/** What a deployment needs besides the stack and the template. */
export interface DeploymentWorld extends ResourceWorld {
  readonly clock: Clock;
  /** @throws when another stack exports the same, or imports what would go or change. */
  checkExports(stack: Stack, outputs: readonly StackOutput[]): void;
}

/** What happened to a resource in one operation, enough to take it back. */
interface Change {
  readonly resource: StackResource;
  /** Undefined: it was created. */
  readonly before?: ResourceState;
  /** What it is now, or what a failed update may have made of it. */
  after?: ResourceState;
}

/** One create, update or delete of a stack, with its rollback and cleanup, in CloudFormation's order. */
export class Deployment {
  private readonly cancellation = new AbortController();

  constructor(private readonly stack: Stack, private readonly world: DeploymentWorld) {}

  /** Stops creates and updates that run, so that their rollback begins. */
  readonly cancel = () => this.cancellation.abort();

  async create(template: EvaluatedTemplate): Promise<void> {
    const { stack } = this;
    stack.template = template;
    stack.setStatus('CREATE_IN_PROGRESS', 'User Initiated');
    const { failure } = await this.apply(template);
    if (failure === undefined) return stack.setStatus('CREATE_COMPLETE');
    if (stack.disableRollback) return stack.setStatus('CREATE_FAILED', failure);
    stack.setStatus('ROLLBACK_IN_PROGRESS', `${failure}Rollback requested by user.`);
    const failed = await this.remove([...stack.resources.values()].map(doomedAfterCreate));
    if (failed.length) stack.setStatus('ROLLBACK_FAILED', failedTo('delete', failed));
    else stack.setStatus('ROLLBACK_COMPLETE');
  }

  async update(template: EvaluatedTemplate): Promise<void> {
    const { stack } = this;
    const previous = stack.template!;
    const previousOutputs = stack.outputs;
    stack.setStatus('UPDATE_IN_PROGRESS', 'User Initiated');
    const { failure, changes, replaced } = await this.apply(template);
    if (failure === undefined) {
      stack.template = template;
      stack.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      const removed = [...stack.resources.values()].filter(({ logicalId }) => !template.resources.has(logicalId)).map((resource) => doomed(resource));
      const failed = await this.cleanUp([...replaced, ...removed]);
      return stack.setStatus('UPDATE_COMPLETE', failed.length ? 'Update successful. One or more resources could not be deleted.' : undefined);
    }
    if (stack.disableRollback) {
      stack.template = template;
      return stack.setStatus('UPDATE_FAILED', failure);
    }
    stack.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', failure);
    stack.outputs = previousOutputs;
    await this.rollBack(previous, changes, new Set());
  }

  async delete(retain: ReadonlySet<string>): Promise<void> {
    const { stack, world } = this;
    stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
    try {
      world.checkExports(stack, []);
    } catch (error) {
      return stack.setStatus('DELETE_FAILED', (error as Error).message);
    }
    const failed = await this.remove([...stack.resources.values()]
      .map((resource) => doomed(resource, retain.has(resource.logicalId) ? 'Retain' : resource.deletionPolicy)));
    if (failed.length) return stack.setStatus('DELETE_FAILED', failedTo('delete', failed));
    stack.deletionTime = new Date(world.clock.now());
    stack.outputs = [];
    stack.setStatus('DELETE_COMPLETE');
  }

  /** Creates and updates what the template asks for. The first failure stops everything that has not begun. */
  private async apply(template: EvaluatedTemplate): Promise<{ failure?: string; changes: Map<string, Change>; replaced: Doomed[] }> {
    const { stack } = this;
    const changes = new Map<string, Change>();
    const replaced: Doomed[] = [];
    const failed = { create: [] as string[], update: [] as string[] };
    await inDependencyOrder(template.resources.keys(), (id) => template.resources.get(id)!.dependencies, async (id) => {
      const desired = template.resources.get(id)!;
      const existing = stack.resources.get(id);
      const creates = existing?.state === undefined || existing.status === 'CREATE_FAILED';
      if (creates && existing?.state) replaced.push({ resource: existing, state: existing.state, forget: false });
      const done = creates
        ? await this.createResource(template, desired, changes)
        : await this.updateResource(template, desired, existing, changes, replaced);
      if (!done) {
        failed[creates ? 'create' : 'update'].push(id);
        this.cancel();
      }
      return done;
    }, this.cancellation.signal);
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
    return { failure: failure || undefined, changes, replaced };
  }

  private async createResource(template: EvaluatedTemplate, desired: DesiredResource, changes: Map<string, Change>): Promise<boolean> {
    const { stack } = this;
    const resource: StackResource = { logicalId: desired.logicalId, type: desired.Type, status: '', lastUpdated: new Date(), ...bookkeeping(desired) };
    const change: Change = { resource };
    stack.resources.set(desired.logicalId, resource);
    changes.set(desired.logicalId, change);
    let properties: Properties = {};
    try {
      const told = this.propertiesOf(template, desired);
      properties = told.properties;
      stack.setResourceStatus(resource, 'CREATE_IN_PROGRESS', { properties: told.masked });
      resource.state = change.after = await this.world.handler(desired.Type).create(this.context(resource), properties);
      resource.physicalId = resource.state.physicalId;
      stack.setResourceStatus(resource, 'CREATE_IN_PROGRESS', { reason: 'Resource creation Initiated', properties: told.masked });
      stack.setResourceStatus(resource, 'CREATE_COMPLETE', { properties: told.masked });
      return true;
    } catch (error) {
      const physicalId = error instanceof ResourceFailure ? error.physicalId : undefined;
      if (physicalId !== undefined) {
        resource.physicalId = physicalId;
        resource.state = change.after = { physicalId, properties, attributes: {} };
      }
      stack.setResourceStatus(resource, 'CREATE_FAILED', { reason: this.reason(error, 'Resource creation cancelled') });
      return false;
    }
  }

  private async updateResource(
    template: EvaluatedTemplate, desired: DesiredResource, resource: StackResource, changes: Map<string, Change>, replaced: Doomed[],
  ): Promise<boolean> {
    const { stack } = this;
    const before = resource.state!;
    const policies = [resource.updateReplacePolicy, desired.UpdateReplacePolicy];
    let properties = before.properties;
    try {
      const told = this.propertiesOf(template, desired);
      properties = told.properties;
      Object.assign(resource, bookkeeping(desired));
      if (isDeepStrictEqual(before.properties, properties)) {
        if (resource.status === 'UPDATE_FAILED') stack.setResourceStatus(resource, 'UPDATE_COMPLETE');
        return true;
      }
      const change: Change = { resource, before, after: { ...before, properties } };
      changes.set(desired.logicalId, change);
      stack.setResourceStatus(resource, 'UPDATE_IN_PROGRESS', { properties: told.masked });
      resource.state = change.after = await this.world.handler(desired.Type).update(this.context(resource), before, properties);
      resource.physicalId = resource.state.physicalId;
      if (resource.physicalId !== before.physicalId) {
        replaced.push({ resource, state: before, policy: policies.includes('Retain') ? 'Retain' : undefined, forget: false });
      }
      stack.setResourceStatus(resource, 'UPDATE_COMPLETE', { properties: told.masked });
      return true;
    } catch (error) {
      const change = changes.get(desired.logicalId);
      if (change && error instanceof ResourceFailure && error.physicalId !== undefined) {
        change.after = { ...before, properties, physicalId: error.physicalId };
        resource.physicalId = error.physicalId;
      }
      stack.setResourceStatus(resource, 'UPDATE_FAILED', { reason: this.reason(error, 'Resource update cancelled') });
      return false;
    }
  }

  /** Takes updates back in the order of the template before, then deletes what the operation made. */
  private async rollBack(previous: EvaluatedTemplate, changes: Map<string, Change>, skip: ReadonlySet<string>): Promise<void> {
    const { stack, world } = this;
    const calm = new AbortController().signal;
    const abandoned: Doomed[] = [];
    const failed: string[] = [];
    const updated = [...changes.values()].filter(({ before }) => before);
    for (const resource of stack.resources.values()) {
      const desired = previous.resources.get(resource.logicalId);
      if (desired) Object.assign(resource, bookkeeping(desired));
    }
    const dependencies = (id: string) => previous.resources.get(id)?.dependencies ?? [];
    await inDependencyOrder(updated.map(({ resource }) => resource.logicalId), dependencies, async (id) => {
      const { resource, before, after } = changes.get(id) as Required<Change>;
      stack.setResourceStatus(resource, 'UPDATE_IN_PROGRESS');
      try {
        const restored = skip.has(id) ? before : await world.handler(resource.type).restore(this.context(resource, calm), after, before);
        const left = new Map([after, before].map((state) => [state.physicalId, state]));
        left.delete(restored.physicalId);
        if (!skip.has(id)) abandoned.push(...[...left.values()].map((state) => ({ resource, state, forget: false })));
        Object.assign(resource, { state: restored, physicalId: restored.physicalId });
        stack.setResourceStatus(resource, 'UPDATE_COMPLETE');
        changes.delete(id);
        return true;
      } catch (error) {
        failed.push(id);
        stack.setResourceStatus(resource, 'UPDATE_FAILED', { reason: this.reason(error, 'Resource update cancelled') });
        return false;
      }
    });
    if (failed.length) {
      stack.unfinishedRollback = { resume: (skipped) => this.rollBack(previous, changes, skipped) };
      return stack.setStatus('UPDATE_ROLLBACK_FAILED', failedTo('update', failed));
    }
    stack.unfinishedRollback = undefined;
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    const created = [...changes.values()].map(({ resource }) => doomedAfterCreate(resource));
    await this.cleanUp([...abandoned, ...created]);
    stack.setStatus('UPDATE_ROLLBACK_COMPLETE');
  }

  private remove(all: readonly Doomed[]): Promise<string[]> {
    return removeResources(this.stack, this.world, all);
  }

  /** What cannot be deleted in a cleanup is not the stack's any more all the same. */
  private async cleanUp(all: readonly Doomed[]): Promise<string[]> {
    const failed = await this.remove(all);
    for (const { resource, forget } of all) if (forget) this.stack.resources.delete(resource.logicalId);
    return failed;
  }

  private propertiesOf(template: EvaluatedTemplate, desired: DesiredResource): { properties: Properties; masked: Properties } {
    const attributes = this.attributesView();
    const resolved = (mask: boolean) => (resolve(desired.Properties ?? {}, template.scope(attributes, mask))) as Properties;
    return { properties: resolved(false), masked: resolved(true) };
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
    return new Map([...this.stack.resources.values()].map((resource) => [resource.logicalId, {
      physicalId: resource.physicalId,
      getAtt: (attribute: string) => {
        const attributes = resource.state?.attributes ?? {};
        if (Object.hasOwn(attributes, attribute)) return attributes[attribute];
        throw new ResourceFailure(this.world.handler(resource.type).missingAttribute(resource, attribute));
      },
    }]));
  }

  private context(resource: StackResource, signal = this.cancellation.signal): ResourceContext {
    return resourceContext(this.stack, this.world, resource, signal);
  }

  private reason(error: unknown, whenCancelled: string): string {
    return this.cancellation.signal.aborted && error instanceof ResourceFailure && error.cancelled ? whenCancelled : (error as Error).message;
  }
}

function bookkeeping(desired: DesiredResource): Pick<StackResource, 'dependencies' | 'deletionPolicy' | 'updateReplacePolicy'> {
  return { dependencies: desired.dependencies, deletionPolicy: desired.DeletionPolicy, updateReplacePolicy: desired.UpdateReplacePolicy };
}

function failedTo(verb: string, logicalIds: readonly string[]): string {
  return logicalIds.length ? `The following resource(s) failed to ${verb}: [${logicalIds.join(', ')}]. ` : '';
}

function asText(value: unknown, outputKey: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ResourceFailure(`Template format error: Output ${outputKey} is malformed. The Value field of every Outputs member must evaluate to a String.`);
}
