import { randomUUID } from 'node:crypto';
import { sleep, type Clock } from '../../clock';
import type { ChangeSet, ResourceToImport } from './engine/change-set';
import type { ResourceDrift } from './engine/drift';
import type { ChangeSetInput, Engine, TemplateInput } from './engine/engine';
import type { DeploymentConfig, Stack, StackResource } from './engine/stack';
import { parseTemplate } from './templates/template';
import { templateAt, type GetObject } from './templates/template-at';
import { validationError } from './validation-error';
import { queryParameters, queryService, type QueryInput } from '../http/query-service';
import { authorize, type Service, type ServiceRequest } from '../http/service';

/** The maximum time that a request waits for the end of an operation. The CDK CLI polls every 5 s. */
const HOLD_MILLISECONDS = 5000;
/** The number of events or resources of one page. */
const PAGE = 100;

export interface CloudFormationServiceOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly getObject: GetObject;
}

/** A drift detection that has ended. */
interface Detection {
  readonly id: string;
  readonly stack: Stack;
  readonly drifts: readonly ResourceDrift[];
  readonly time: number;
}

export function cloudFormationService(options: CloudFormationServiceOptions): Service {
  const { engine, clock, region, accountId } = options;

  const allowed = ({ identity }: ServiceRequest, operation: string, stackName: string) => {
    const id =
      engine.find(stackName)?.id
      ?? (stackName.startsWith('arn:')
        ? stackName
        : `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/*`);
    authorize(identity, `cloudformation:${operation}`, id);
  };
  const held = async ({ operation, id }: Stack) => {
    const over = new AbortController();
    await Promise.race([operation, sleep(clock, HOLD_MILLISECONDS, over.signal)]);
    over.abort();
    return { StackId: id };
  };
  const templateInput = (input: QueryInput): TemplateInput => ({
    templateBody: input.TemplateBody ?? (input.TemplateURL && templateAt(String(input.TemplateURL), options.getObject)),
    usePreviousTemplate: input.UsePreviousTemplate === 'true',
    parameters: listOf(input.Parameters) ?? [],
    tags: listOf(input.Tags),
    capabilities: listOf(input.Capabilities),
    roleArn: input.RoleARN,
    notificationArns: listOf(input.NotificationARNs),
    clientRequestToken: input.ClientRequestToken,
    deploymentConfig: deploymentConfigOf(input.DeploymentConfig),
    disableRollback: input.DisableRollback === 'true' || input.OnFailure === 'DO_NOTHING',
    terminationProtection:
      input.EnableTerminationProtection === undefined ? undefined : input.EnableTerminationProtection === 'true',
  });

  const detections: Detection[] = [];
  const detectionOf = (isWanted: (detection: Detection) => boolean): Detection => {
    const detection = [...detections].reverse().find(isWanted);
    if (!detection) throw validationError('Drift detection has not run; call DetectStackDrift first.');
    return detection;
  };

  const service = queryService('cloudformation', 'http://cloudformation.amazonaws.com/doc/2010-05-15/', {
    CreateStack: (input) => held(engine.createStack(input.StackName, templateInput(input))),
    UpdateStack: (input) => held(engine.updateStack(input.StackName, templateInput(input))),
    DeleteStack: async (input) => {
      const config = deploymentConfigOf(input.DeploymentConfig);
      const stack = engine.deleteStack(
        input.StackName,
        listOf(input.RetainResources),
        input.ClientRequestToken,
        config,
      );
      if (stack) await held(stack);
    },
    CancelUpdateStack: (input) => engine.cancelUpdateStack(input.StackName),
    ContinueUpdateRollback: async ({ StackName, ResourcesToSkip, ClientRequestToken }) =>
      void (await held(engine.continueUpdateRollback(StackName, listOf(ResourcesToSkip) ?? [], ClientRequestToken))),
    RollbackStack: (input) => held(engine.rollbackStack(input.StackName, input.ClientRequestToken)),
    UpdateTerminationProtection: (input) => {
      const stack = engine.stack(input.StackName);
      stack.terminationProtection = input.EnableTerminationProtection === 'true';
      return { StackId: stack.id };
    },
    CreateChangeSet: (input) => {
      const { ChangeSetName: changeSetName, ChangeSetType: changeSetType, Description: description } = input;
      const request: ChangeSetInput = {
        ...templateInput(input),
        changeSetName,
        changeSetType,
        description,
        resourcesToImport: listOf(input.ResourcesToImport)?.map(resourceToImport),
      };
      const { stack, changeSet } = engine.createChangeSet(input.StackName, request);
      return { Id: changeSet.id, StackId: stack.id };
    },
    DescribeChangeSet: (input) => {
      const { stack, changeSet } = engine.changeSet(input.ChangeSetName, input.StackName);
      return {
        ...changeSetSummary(stack, changeSet),
        Parameters: parametersOf(changeSet.template.parameters),
        Tags: changeSet.options.tags,
        Capabilities: changeSet.options.capabilities,
        DeploymentConfig: describedConfig(changeSet.options.deploymentConfig),
        Changes: changeSet.changes.map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
      };
    },
    ListChangeSets: (input) => {
      const stack = engine.stack(input.StackName);
      return { Summaries: engine.changeSetsOf(stack.id).map((changeSet) => changeSetSummary(stack, changeSet)) };
    },
    DeleteChangeSet: (input) => engine.deleteChangeSet(input.ChangeSetName, input.StackName),
    ExecuteChangeSet: async (input) =>
      void (await held(
        engine.executeChangeSet(input.ChangeSetName, input.StackName, {
          clientRequestToken: input.ClientRequestToken,
          disableRollback: input.DisableRollback === 'true',
        }),
      )),
    DescribeStacks: (input) => {
      const stacks =
        input.StackName === undefined ? engine.list().filter(({ exists }) => exists) : [engine.stack(input.StackName)];
      return { Stacks: stacks.map(describedStack) };
    },
    ListStacks: (input) => ({
      StackSummaries: engine
        .list()
        .filter(({ status }) => !input.StackStatusFilter || input.StackStatusFilter.includes(status))
        .map((stack) => ({
          StackId: stack.id,
          StackName: stack.name,
          StackStatus: stack.status,
          CreationTime: stack.creationTime,
          DeletionTime: stack.deletionTime,
        })),
    }),
    DescribeStackEvents: (input) => {
      const { events } = engine.stack(input.StackName);
      // The token is the number of older events, so that new events do not move the next page.
      const end = Number(input.NextToken ?? events.length);
      const start = Math.max(0, end - PAGE);
      return { StackEvents: events.slice(start, end).reverse(), NextToken: start || undefined };
    },
    DescribeStackResource: (input) => {
      const stack = engine.stack(input.StackName);
      const resource = stack.resources.get(input.LogicalResourceId);
      if (!resource) {
        throw validationError(`Resource ${String(input.LogicalResourceId)} does not exist for stack ${stack.name}`);
      }
      return { StackResourceDetail: resourceDetail(stack, resource) };
    },
    DescribeStackResources: (input) => {
      const stack = engine.stack(input.StackName);
      const { LogicalResourceId: only } = input;
      const wanted = [...stack.resources.values()].filter(({ logicalId }) => only === undefined || logicalId === only);
      return { StackResources: wanted.map((resource) => describedResource(stack, resource)) };
    },
    ListStackResources: (input) => {
      const stack = engine.stack(input.StackName);
      const from = Number(input.NextToken ?? 0);
      const page = [...stack.resources.values()].slice(from, from + PAGE);
      return {
        StackResourceSummaries: page.map((resource) => resourceDetail(stack, resource)),
        NextToken: from + PAGE < stack.resources.size ? from + PAGE : undefined,
      };
    },
    GetTemplate: (input) => {
      const { ChangeSetName: changeSetName, StackName: stackName } = input;
      const template =
        changeSetName === undefined
          ? engine.stack(stackName).template
          : engine.changeSet(changeSetName, stackName).changeSet.template;
      return { TemplateBody: template?.body ?? '{}', StagesAvailable: ['Original', 'Processed'] };
    },
    GetTemplateSummary: (input) => {
      const body = templateInput(input).templateBody ?? engine.stack(input.StackName).template?.body;
      if (body === undefined) throw validationError('One of TemplateBody, TemplateURL or StackName must be specified.');
      const template = parseTemplate(body);
      const types = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))];
      return {
        Description: template.Description,
        ResourceTypes: types,
        ResourceIdentifierSummaries: types.flatMap((ResourceType) => {
          const identifier = engine.identifier(ResourceType);
          const ids = Object.entries(template.Resources).filter(([, { Type }]) => Type === ResourceType);
          return identifier === undefined ? [] : {
            ResourceType, LogicalResourceIds: ids.map(([id]) => id), ResourceIdentifiers: [identifier],
          };
        }),
        Parameters: Object.entries(template.Parameters ?? {}).map(
          ([ParameterKey, { Type, Default, NoEcho, Description }]) => ({
            ParameterKey,
            ParameterType: Type,
            DefaultValue: Default,
            NoEcho: String(NoEcho) === 'true',
            Description,
          }),
        ),
      };
    },
    DetectStackDrift: async (input) => {
      const stack = engine.stack(input.StackName);
      const time = clock.now();
      const detection = { id: randomUUID(), stack, drifts: await engine.detectDrift(stack.id), time };
      detections.push(detection);
      return { StackDriftDetectionId: detection.id };
    },
    DescribeStackDriftDetectionStatus: (input) => {
      const { id, stack, drifts, time } = detectionOf((one) => one.id === input.StackDriftDetectionId);
      const drifted = drifts.filter(({ status }) => status !== 'IN_SYNC').length;
      return {
        StackId: stack.id,
        StackDriftDetectionId: id,
        StackDriftStatus: drifted ? 'DRIFTED' : 'IN_SYNC',
        DetectionStatus: 'DETECTION_COMPLETE',
        DriftedStackResourceCount: drifted,
        Timestamp: new Date(time),
      };
    },
    DescribeStackResourceDrifts: (input) => {
      const { id: stackId } = engine.stack(input.StackName);
      const { drifts, time } = detectionOf(({ stack }) => stack.id === stackId);
      const wanted = listOf(input.StackResourceDriftStatusFilters);
      return {
        StackResourceDrifts: drifts.filter(({ status }) => wanted?.includes(status) ?? true).map(
          ({ resource, status, expected, actual, differences }) => ({
            StackId: stackId,
            LogicalResourceId: resource.logicalId,
            PhysicalResourceId: resource.physicalId,
            ResourceType: resource.type,
            ExpectedProperties: JSON.stringify(expected),
            ActualProperties: actual && JSON.stringify(actual),
            PropertyDifferences: differences,
            StackResourceDriftStatus: status,
            Timestamp: new Date(time),
          })),
      };
    },
    ListExports: () => ({
      Exports: engine
        .exports()
        .map(({ ExportName, OutputValue, stack }) => ({
          ExportingStackId: stack.id,
          Name: ExportName,
          Value: OutputValue,
        })),
    }),
    ListImports: (input) => {
      const importers = engine.importers(input.ExportName);
      if (importers.length === 0) {
        throw validationError(`Export '${String(input.ExportName)}' is not imported by any stack.`);
      }
      return { Imports: importers.map(({ name }) => name) };
    },
  });
  return {
    ...service,
    handle: async (request) => {
      const parameters = queryParameters(request);
      allowed(request, parameters.get('Action') ?? '', parameters.get('StackName') ?? '*');
      return service.handle(request);
    },
  };
}

/** Returns a list. The Query protocol sends an empty list as an empty string. */
function listOf(value: any): any[] | undefined {
  return value === '' ? [] : value;
}

/** Reads a resource to import. The Query protocol sends the map of its identifier as entries. */
function resourceToImport({ LogicalResourceId, ResourceType, ResourceIdentifier }: QueryInput): ResourceToImport {
  const entries: { key: string; value: string }[] = listOf(ResourceIdentifier?.entry) ?? [];
  return {
    LogicalResourceId,
    ResourceType,
    ResourceIdentifier: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
  };
}

function deploymentConfigOf(config: any): DeploymentConfig | undefined {
  if (config === undefined) return undefined;
  const { Mode: mode = 'STANDARD', DisableRollback } = config;
  if (mode !== 'STANDARD' && mode !== 'EXPRESS') {
    throw validationError(
      `1 validation error detected: Value '${mode}' at 'deploymentConfig.mode' failed to satisfy constraint: `
      + 'Member must satisfy enum value set: [STANDARD, EXPRESS]',
    );
  }
  return { mode, disableRollback: DisableRollback === undefined ? undefined : DisableRollback === 'true' };
}

function describedConfig(config: DeploymentConfig | undefined) {
  return config && { Mode: config.mode, DisableRollback: config.disableRollback };
}

function changeSetSummary(stack: Stack, { id, name, type, description, creationTime, empty }: ChangeSet) {
  return {
    ChangeSetId: id,
    ChangeSetName: name,
    ChangeSetType: type,
    StackId: stack.id,
    StackName: stack.name,
    Description: description,
    CreationTime: creationTime,
    ExecutionStatus: empty ? 'UNAVAILABLE' : 'AVAILABLE',
    Status: empty ? 'FAILED' : 'CREATE_COMPLETE',
    StatusReason: empty
      ? "The submitted information didn't contain changes. Submit different information to create a change set."
      : undefined,
  };
}

function describedStack(stack: Stack) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    Description: stack.template?.description,
    Parameters: parametersOf(stack.template?.parameters ?? new Map()),
    CreationTime: stack.creationTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    DeletionTime: stack.deletionTime,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    DeploymentConfig: describedConfig(stack.deploymentConfig),
    NotificationARNs: stack.notificationArns,
    Capabilities: stack.capabilities,
    Outputs: stack.outputs,
    RoleARN: stack.roleArn,
    Tags: stack.tags,
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function describedResource(
  stack: Stack,
  { logicalId, physicalId, type, status, statusReason, lastUpdated }: StackResource,
) {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: lastUpdated,
    ResourceStatus: status,
    ResourceStatusReason: statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function resourceDetail(stack: Stack, resource: StackResource) {
  return { ...describedResource(stack, resource), Timestamp: undefined, LastUpdatedTimestamp: resource.lastUpdated };
}

function parametersOf(parameters: ChangeSet['template']['parameters']) {
  return [...parameters].map(([ParameterKey, { given, stored, noEcho }]) => ({
    ParameterKey,
    ParameterValue: noEcho ? '****' : given,
    ResolvedValue: noEcho ? undefined : stored,
  }));
}
