import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock';
import { ServiceError } from '../../http/service-error';
import { validationError } from '../validation-error';
import { changesOf, differsBesidesResources, importsOf, type ChangeSet, type ResourceToImport } from './change-set';
import { Deployment, type RetryStatus } from './deployment';
import { detectDrift, type ResourceDrift } from './drift';
import { EvaluatedTemplate } from '../templates/evaluated-template';
import { parameterValues, type ParameterInput, type ParameterValues } from '../templates/parameters';
import { resourceContext } from './remove-resources';
import type { ResourceHandler } from '../resource-handler';
import { Stack, type DeploymentConfig, type StackEvent, type StackOptions, type StackOutput } from './stack';
import { parseTemplate } from '../templates/template';

export interface EngineOptions {
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  /**
   * The status of a resource while its create is repeated, after it failed in an operation with rollback disabled.
   *
   * @default CREATE_IN_PROGRESS
   */
  readonly retryStatus?: RetryStatus;
  /** Returns the handler of a resource type, or undefined if the type is unknown. */
  handler(type: string): ResourceHandler | undefined;
  ssmParameter(name: string): string | undefined;
  /** Replaces the addresses that resources have on AWS with their addresses on this machine. @default - no change */
  localUrl?(text: string): string;
  onEvent?(event: StackEvent): void;
}

export interface TemplateInput extends StackOptions {
  readonly templateBody?: string;
  readonly usePreviousTemplate?: boolean;
  readonly parameters?: readonly ParameterInput[];
  readonly clientRequestToken?: string;
  readonly disableRollback?: boolean;
  readonly terminationProtection?: boolean;
}

export interface ChangeSetInput extends TemplateInput {
  readonly changeSetName: string;
  readonly changeSetType?: ChangeSet['type'];
  readonly description?: string;
  readonly resourcesToImport?: readonly ResourceToImport[];
}

/**
 * An in-process CloudFormation with stacks, change sets and resources. Operations start immediately.
 * `stack.operation` settles when the operation has ended.
 */
export class Engine {
  private readonly stacks: Stack[] = [];
  private readonly changeSets = new Map<Stack, Map<string, ChangeSet>>();

  constructor(private readonly options: EngineOptions) {}

  /** Returns the existing stack with this name, or the stack with this ID, including deleted stacks. */
  find(nameOrId: string): Stack | undefined {
    return this.stacks.find((stack) => stack.id === nameOrId || (stack.name === nameOrId && stack.exists));
  }

  /** @throws ValidationError if the stack does not exist. */
  stack(nameOrId: string): Stack {
    const stack = this.find(nameOrId);
    if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  list(): readonly Stack[] {
    return this.stacks;
  }

  /** @param parentId The ID of the stack that contains the new stack. */
  createStack(name: string, input: TemplateInput, parentId?: string): Stack {
    if (this.find(name)) throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
    const stack = this.newStack(name, parentId);
    const template = this.evaluate(stack, input);
    this.stacks.push(stack);
    return this.start(stack, input, (deployment) => deployment.create(template));
  }

  updateStack(name: string, input: TemplateInput): Stack {
    const stack = this.stack(name);
    this.checkUpdatable(stack, input);
    checkRollbackDisabled(stack, input);
    const template = this.evaluate(stack, input);
    if (!this.hasChanges(stack, input)) throw validationError('No updates are to be performed.');
    return this.start(stack, input, (deployment) => deployment.update(template));
  }

  /** Returns whether an update of a stack would change anything. */
  hasChanges(stack: Stack, input: TemplateInput): boolean {
    const template = this.evaluate(stack, input);
    return changesOf(stack, template, this.handler).length > 0 || differsBesidesResources(stack, template, input);
  }

  deleteStack(
    name: string,
    retain: readonly string[] = [],
    clientRequestToken?: string,
    deploymentConfig?: DeploymentConfig,
  ): Stack | undefined {
    const stack = this.find(name);
    if (!stack?.exists || stack.status === 'DELETE_IN_PROGRESS') return stack;
    if (stack.terminationProtection) {
      throw validationError(`Stack [${name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (stack.busy && !['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes(stack.status)) {
      throw validationError(`Stack [${name}] cannot be deleted while in status ${stack.status}`);
    }
    const running = stack.operation;
    // Cancels a running create. The delete then removes its resources.
    if (stack.status === 'CREATE_IN_PROGRESS') stack.disableRollback = true;
    stack.cancel?.();
    return this.start(stack, { clientRequestToken, deploymentConfig }, async (deployment) => {
      await running;
      if (stack.exists) await deployment.delete(new Set(retain));
    });
  }

  cancelUpdateStack(name: string): void {
    const stack = this.stack(name);
    if (stack.status !== 'UPDATE_IN_PROGRESS') {
      throw validationError('CancelUpdateStack cannot be called from current stack status');
    }
    stack.cancel?.();
  }

  continueUpdateRollback(name: string, skip: readonly string[], clientRequestToken?: string): Stack {
    const stack = this.stack(name);
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue a rollback.`);
    }
    const rollBack = (deployment: Deployment) => deployment.rollBackUpdate('User Initiated', new Set(skip));
    return this.start(stack, { clientRequestToken }, rollBack);
  }

  /** Rolls back a failed operation that had rollback disabled. */
  rollbackStack(name: string, clientRequestToken?: string): Stack {
    const stack = this.stack(name);
    if (!stack.hasFailed) {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
    if (stack.deploymentConfig?.mode === 'EXPRESS') {
      throw validationError(
        'RollbackStack is not supported for stacks that were last updated using EXPRESS deployment mode and are '
        + 'in a failed state',
      );
    }
    return this.start(stack, { clientRequestToken }, (deployment) => deployment.rollBack());
  }

  createChangeSet(stackName: string, input: ChangeSetInput): { stack: Stack; changeSet: ChangeSet } {
    const creates = input.changeSetType === 'CREATE';
    const isImport = input.changeSetType === 'IMPORT';
    const found = this.find(stackName);
    if (!found && !creates && !isImport) throw validationError(`Stack [${stackName}] does not exist`);
    if (found && creates && found.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${stackName}] already exists and cannot be created again with the changeSet [${input.changeSetName}].`,
      );
    }
    const stack = found ?? this.newStack(stackName);
    if (found && !creates) this.checkUpdatable(stack, input);
    const changeSets = this.changeSets.get(stack) ?? new Map<string, ChangeSet>();
    if (changeSets.has(input.changeSetName)) {
      throw new ServiceError('AlreadyExistsException', `ChangeSet ${input.changeSetName} already exists`);
    }
    const template = this.evaluate(stack, input);
    const imports = isImport ? this.imports(stack, template, input.resourcesToImport ?? []) : new Map<string, string>();
    const changes = changesOf(stack, template, this.handler).map((change) => imports.has(change.LogicalResourceId)
      ? { ...change, Action: 'Import' as const, PhysicalResourceId: imports.get(change.LogicalResourceId) } : change);
    const changeSet: ChangeSet = {
      id: this.arn(`changeSet/${input.changeSetName}/${randomUUID()}`),
      name: input.changeSetName,
      type: input.changeSetType ?? 'UPDATE',
      description: input.description,
      creationTime: new Date(this.options.clock.now()),
      template,
      options: input,
      changes,
      imports,
      empty: changes.length === 0 && !differsBesidesResources(stack, template, input),
    };
    if (!found) {
      this.stacks.push(stack);
      stack.setStatus('REVIEW_IN_PROGRESS', 'User Initiated');
    }
    this.changeSets.set(stack, changeSets.set(changeSet.name, changeSet));
    return { stack, changeSet };
  }

  /** @param changeSetName The name or ARN. The stack name is optional with an ARN. */
  changeSet(changeSetName: string, stackName?: string): { stack: Stack; changeSet: ChangeSet } {
    const stacks =
      stackName === undefined ? this.stacks : [this.find(stackName)].filter((stack) => stack !== undefined);
    if (stackName !== undefined && stacks.length === 0) throw validationError(`Stack [${stackName}] does not exist`);
    for (const stack of stacks) {
      for (const changeSet of this.changeSets.get(stack)?.values() ?? []) {
        if (changeSet.id === changeSetName || (changeSet.name === changeSetName && stackName !== undefined)) {
          return { stack, changeSet };
        }
      }
    }
    throw new ServiceError('ChangeSetNotFound', `ChangeSet [${changeSetName}] does not exist`, 404);
  }

  changeSetsOf(stackName: string): readonly ChangeSet[] {
    return [...(this.changeSets.get(this.stack(stackName))?.values() ?? [])];
  }

  /** Deletes a change set. A change set that does not exist is not an error. */
  deleteChangeSet(changeSetName: string, stackName?: string): void {
    try {
      const { stack, changeSet } = this.changeSet(changeSetName, stackName);
      this.changeSets.get(stack)?.delete(changeSet.name);
    } catch (error) {
      if (!(error instanceof ServiceError && error.code === 'ChangeSetNotFound')) throw error;
    }
  }

  executeChangeSet(
    changeSetName: string,
    stackName: string | undefined,
    input: Pick<TemplateInput, 'clientRequestToken' | 'disableRollback'>,
  ): Stack {
    const { stack, changeSet } = this.changeSet(changeSetName, stackName);
    if (changeSet.empty) {
      throw new ServiceError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current status of [FAILED]`,
      );
    }
    const all = { ...changeSet.options, ...input };
    if (changeSet.type === 'UPDATE') checkRollbackDisabled(stack, all);
    return this.start(stack, all, (deployment) => {
      if (changeSet.type === 'IMPORT') return deployment.import(changeSet.template, changeSet.imports);
      if (changeSet.type === 'CREATE') return deployment.create(changeSet.template);
      return deployment.update(changeSet.template);
    });
  }

  /** The property that identifies a resource to import, or undefined if the type cannot be imported. */
  identifier(type: string): string | undefined {
    return this.options.handler(type)?.identifier;
  }

  /**
   * Returns the resource of any stack, with its handler and context.
   *
   * @param identifier The physical ID, alone or as a part of a compound identifier such as `API|INTEGRATION`.
   */
  resource(type: string, identifier: string) {
    const ids = [identifier, ...identifier.split('|')];
    for (const stack of this.stacks) {
      for (const resource of stack.resources.values()) {
        if (resource.type !== type || !ids.includes(resource.physicalId ?? '')) continue;
        const { region, accountId } = this.options;
        const world = { region, accountId, handler: this.handler };
        const context = resourceContext(stack, world, resource, new AbortController().signal);
        return { resource, handler: this.handler(type), context };
      }
    }
    return undefined;
  }

  /** Compares the resources of a stack with its template. */
  detectDrift(name: string): Promise<ResourceDrift[]> {
    const stack = this.stack(name);
    if (stack.busy || !stack.template) {
      throw validationError(`Drift detection cannot be performed on stack [${stack.name}] in ${stack.status} state`);
    }
    const { region, accountId } = this.options;
    return detectDrift(stack, { region, accountId, handler: this.handler });
  }

  /** The exports of all stacks, with the stack that each comes from. */
  exports(): readonly (StackOutput & { readonly stack: Stack })[] {
    const all = this.stacks.flatMap((stack) => stack.outputs.map((output) => ({ ...output, stack })));
    return all.filter(({ ExportName }) => ExportName);
  }

  /** The stacks that use an export. */
  importers(exportName: string): readonly Stack[] {
    return this.stacks.filter((stack) => stack.exists && stack.template?.imports.has(exportName));
  }

  private readonly handler = (type: string): ResourceHandler => {
    const handler = this.options.handler(type);
    if (!handler) throw validationError(`Template format error: Unrecognized resource types: [${type}]`);
    return handler;
  };

  private start(stack: Stack, input: TemplateInput, run: (deployment: Deployment) => Promise<void>): Stack {
    const { region, accountId, clock, retryStatus = 'CREATE_IN_PROGRESS' } = this.options;
    const checkExports = (of: Stack, outputs: readonly StackOutput[]) => this.checkExports(of, outputs);
    const deployment = new Deployment(stack, {
      region,
      accountId,
      clock,
      retryStatus,
      handler: this.handler,
      checkExports,
    });
    stack.cancel = deployment.cancel;
    // Change sets describe changes from the state before this operation, so they can no longer be executed.
    this.changeSets.delete(stack);
    stack.clientRequestToken = input.clientRequestToken;
    const disableRollback = disablesRollback(input);
    if (disableRollback !== undefined) stack.disableRollback = disableRollback;
    if (input.deploymentConfig) stack.deploymentConfig = input.deploymentConfig;
    if (input.terminationProtection !== undefined) stack.terminationProtection = input.terminationProtection;
    if (input.tags) stack.tags = input.tags;
    if (input.capabilities) stack.capabilities = input.capabilities;
    if (input.roleArn) stack.roleArn = input.roleArn;
    if (input.notificationArns) stack.notificationArns = input.notificationArns;
    if (stack.template) stack.lastUpdatedTime = new Date(clock.now());
    stack.operation = run(deployment).catch((error: Error) => {
      stack.setStatus(
        stack.status.replace(/_(COMPLETE_CLEANUP_)?IN_PROGRESS$/, '_FAILED'),
        `Internal failure: ${error.stack}`,
      );
    });
    return stack;
  }

  private newStack(name: string, parentId?: string): Stack {
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must `
        + 'satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
      );
    }
    const rootId = parentId && (this.stack(parentId).rootId ?? parentId);
    const onEvent = (event: StackEvent) => this.options.onEvent?.(event);
    return new Stack(
      this.arn(`stack/${name}/${randomUUID()}`), name, this.options.clock, onEvent, parentId, rootId);
  }

  private evaluate(stack: Stack, input: TemplateInput): EvaluatedTemplate {
    const body = input.usePreviousTemplate ? stack.template?.body : input.templateBody;
    if (body === undefined) throw validationError('Either Template URL or Template Body must be specified.');
    const parsed = parseTemplate(body);
    const types = [...new Set(Object.values(parsed.Resources).map(({ Type }) => Type))];
    const unknown = types.filter((type) => !this.options.handler(type));
    if (unknown.length) {
      throw validationError(
        `Template format error: Unrecognized resource types: [${unknown.join(', ')}]. The local service does not `
        + 'support them. To create them without effect, add them to the option allowUnknownResourceTypes.',
      );
    }
    const capabilities = input.capabilities ?? [];
    if (
      types.some((type) => type.startsWith('AWS::IAM::'))
      && !capabilities.includes('CAPABILITY_IAM')
      && !capabilities.includes('CAPABILITY_NAMED_IAM')
    ) {
      throw new ServiceError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_NAMED_IAM]');
    }
    const previous: ParameterValues = stack.template?.parameters ?? new Map();
    const values = parameterValues(parsed, input.parameters ?? [], previous, (name) => this.options.ssmParameter(name));
    const template = new EvaluatedTemplate(body, values, {
      region: this.options.region,
      accountId: this.options.accountId,
      stackName: stack.name,
      stackId: stack.id,
      notificationArns: input.notificationArns ?? stack.notificationArns,
      importValue: (name) => {
        const found = this.exports().find(({ ExportName }) => ExportName === name);
        if (!found) throw validationError(`No export named ${name} found.`);
        return found.OutputValue;
      },
      ssmParameter: (name) => this.options.ssmParameter(name),
      localUrl: (text) => this.options.localUrl?.(text) ?? text,
    });
    const changed = [...template.resources.values()].filter(
      ({ logicalId, Type }) => (stack.resources.get(logicalId)?.type ?? Type) !== Type,
    );
    if (changed.length) {
      throw validationError(
        'Update of resource type is not permitted. The new template modifies resource type of the following '
        + `resources: [${changed.map(({ logicalId }) => logicalId).join(', ')}]`,
      );
    }
    return template;
  }

  private imports(stack: Stack, template: EvaluatedTemplate, resources: readonly ResourceToImport[]) {
    const imports = importsOf(stack, template, resources, this.handler);
    for (const [logicalId, physicalId] of imports) {
      const type = template.resources.get(logicalId)!.Type;
      const owner = this.stacks.find(({ resources: owned }) =>
        [...owned.values()].some((resource) => resource.type === type && resource.physicalId === physicalId));
      if (owner) throw validationError(`${physicalId} already exists in stack ${owner.id}`);
    }
    return imports;
  }

  private checkUpdatable(stack: Stack, { deploymentConfig }: TemplateInput): void {
    const updatable = [
      'CREATE_COMPLETE',
      'CREATE_FAILED',
      'UPDATE_COMPLETE',
      'UPDATE_FAILED',
      'UPDATE_ROLLBACK_COMPLETE',
      'IMPORT_COMPLETE',
      'IMPORT_ROLLBACK_COMPLETE',
    ];
    if (!updatable.includes(stack.status)) {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    if (stack.hasFailed && stack.deploymentConfig?.mode === 'EXPRESS' && deploymentConfig?.mode !== 'EXPRESS') {
      throw validationError(
        `This stack is in a ${stack.status} state from a previous operation that used EXPRESS deployment mode `
        + 'with disable-rollback. Follow-up operations must use the same DeploymentConfig (mode=EXPRESS) until the '
        + 'stack reaches a *_COMPLETE state',
      );
    }
  }

  private checkExports(stack: Stack, outputs: readonly StackOutput[]): void {
    for (const { ExportName } of outputs) {
      const other =
        ExportName && this.exports().find((output) => output.ExportName === ExportName && output.stack !== stack);
      if (other) {
        throw validationError(
          `Export with name ${ExportName} is already exported by stack ${other.stack.name}. Rolling back`,
        );
      }
    }
    for (const { ExportName, OutputValue } of stack.outputs) {
      if (!ExportName) continue;
      const user = this.importers(ExportName).find((other) => other !== stack);
      const now = outputs.find((output) => output.ExportName === ExportName);
      if (user && now?.OutputValue !== OutputValue) {
        throw validationError(
          `Export ${ExportName} cannot be ${now ? 'updated' : 'deleted'} as it is in use by ${user.name}`,
        );
      }
    }
  }

  private arn(resource: string): string {
    return `arn:aws:cloudformation:${this.options.region}:${this.options.accountId}:${resource}`;
  }
}

/** Whether a failure stops the operation without a rollback. Undefined keeps the setting of the stack. */
function disablesRollback({ disableRollback, deploymentConfig }: TemplateInput): boolean | undefined {
  if (disableRollback || !deploymentConfig) return disableRollback;
  return deploymentConfig.disableRollback ?? deploymentConfig.mode === 'EXPRESS';
}

function checkRollbackDisabled(stack: Stack, input: TemplateInput): void {
  if (!stack.hasFailed || disablesRollback(input) !== false) return;
  throw validationError(
    `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, `
    + 'please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, '
    + 'use the rollback-stack API',
  );
}
