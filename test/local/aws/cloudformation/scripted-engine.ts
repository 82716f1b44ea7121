import { randomBytes } from 'node:crypto';
import { CustomResources, type CustomResourceEvent } from '../../../../local/aws/cloudformation/custom-resources';
import { VirtualClock } from '../../../../local/clock';
import type { RetryStatus } from '../../../../local/aws/cloudformation/engine/deployment';
import { Engine, type TemplateInput } from '../../../../local/aws/cloudformation/engine/engine';
import type { ResourceHandler } from '../../../../local/aws/cloudformation/resource-handler';
import type { Stack, StackEvent } from '../../../../local/aws/cloudformation/engine/stack';
import { noOpResourceTypes } from '../../../../local/aws/cloudformation/no-op-resource-types';
import { resourceTypeHandler, type ResourceTypes } from '../../../../local/aws/cloudformation/resource-type';

/** The behavior of the function: a response, a response with a raw body, a failure, or no response. */
export type Answer =
  | { readonly Status?: string; readonly [field: string]: unknown }
  | { readonly raw: string }
  | { readonly crash: string }
  | undefined;

/** Creates an engine in this process. A script simulates the function of custom resources. */
export function scriptedEngine(
  answer: (event: CustomResourceEvent) => Answer | Promise<Answer>,
  options: {
    failFast?: boolean;
    types?: ResourceTypes;
    retryStatus?: RetryStatus;
    region?: string;
    localUrl?: (text: string) => string;
  } = {},
) {
  const { region = 'us-east-1' } = options;
  const clock = new VirtualClock(Date.parse('2026-11-22T10:00:00Z'));
  const requests: CustomResourceEvent[] = [];
  const events: StackEvent[] = [];
  const respond = (event: CustomResourceEvent, response: Answer) => {
    if (response === undefined || 'crash' in response) return;
    const { pathname, search } = new URL(event.ResponseURL);
    const { StackId, RequestId, LogicalResourceId } = event;
    const body =
      'raw' in response
        ? String(response.raw)
        : JSON.stringify({
          Status: 'SUCCESS',
          PhysicalResourceId: event.PhysicalResourceId ?? 'thing',
          StackId,
          RequestId,
          LogicalResourceId,
          ...response,
        });
    customResources.respond(pathname + search, Buffer.from(body));
  };
  const customResources = new CustomResources({
    region,
    failFast: options.failFast ?? true,
    clock,
    random: randomBytes,
    invoke: async (serviceToken, event) => {
      if (serviceToken.endsWith(':missing')) throw new Error(`Function not found: ${serviceToken}`);
      requests.push(event);
      const response = await answer(event);
      respond(event, response);
      return response && 'crash' in response ? { error: String(response.crash) } : {};
    },
  });
  const types = Object.entries({ ...noOpResourceTypes, ...options.types });
  const handlers = new Map<string, ResourceHandler>(
    types.map(([type, definition]) => [type, resourceTypeHandler(definition)]),
  );
  const engine = new Engine({
    region,
    accountId: '123456789012',
    clock,
    retryStatus: options.retryStatus,
    localUrl: options.localUrl,
    handler: (type) => (type.startsWith('Custom::') ? customResources : handlers.get(type)),
    ssmParameter: (name) => ({ '/plain': 'from ssm', '/list': 'a,b' })[name],
    onEvent: (event) => events.push(event),
  });
  return {
    clock,
    engine,
    events,
    requests,
    respond,
    /** Creates or updates a stack, and waits for the end. */
    async deploy(
      resources: object,
      input: TemplateInput & { readonly sections?: object } = {},
      name = 'App',
    ): Promise<Stack> {
      const { sections, ...rest } = input;
      const template = { templateBody: JSON.stringify({ Resources: resources, ...sections }), ...rest };
      const stack = engine.find(name) ? engine.updateStack(name, template) : engine.createStack(name, template);
      await stack.operation;
      return stack;
    },
    async destroy(name = 'App'): Promise<Stack> {
      const stack = engine.deleteStack(name)!;
      await stack.operation;
      return stack;
    },
    /** Returns all requests in order, such as `Update One thing-1 name`. */
    trail: () =>
      requests.map(({ RequestType, LogicalResourceId, PhysicalResourceId, ResourceProperties }) =>
        [
          RequestType,
          LogicalResourceId,
          PhysicalResourceId,
          RequestType === 'Delete' ? undefined : ResourceProperties.Name,
        ]
          .filter((part) => part !== undefined)
          .join(' '),
      ),
    /** Returns all events in order, as `LogicalId STATUS`. */
    statuses: () => events.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`),
    reasonOf: (logicalId: string, status: string) =>
      events.find((event) => event.LogicalResourceId === logicalId && event.ResourceStatus === status)
        ?.ResourceStatusReason,
  };
}

/** Creates a custom resource of a template. */
export function thing(properties: object = {}, more: object = {}): object {
  return {
    Type: 'Custom::Thing',
    Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:things', ...properties },
    ...more,
  };
}

/** Creates physical IDs from the property `Name`, and fails requests of the type `FailOn`. */
export function byName({ RequestType, ResourceProperties: { Name, FailOn } }: CustomResourceEvent): Answer {
  return FailOn === RequestType
    ? { Status: 'FAILED', Reason: 'as asked', PhysicalResourceId: `thing-${String(Name)}` }
    : { PhysicalResourceId: `thing-${String(Name)}`, Data: { Name } };
}
