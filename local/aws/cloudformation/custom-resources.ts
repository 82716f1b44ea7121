import { abortController } from '../abort-controller';
import { sleep, type Clock } from '../../clock';
import {
  ResourceFailure,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
  type ResourceState,
} from './resource-handler';
import { isObject } from './templates/template';

export interface CustomResourcesOptions {
  readonly clock: Clock;
  readonly region: string;
  /** Whether a resource fails as soon as the last attempt of its function fails without a response. */
  readonly failFast: boolean;
  /**
   * Invokes the function of a service token asynchronously. Settles after the last attempt, with its error.
   *
   * @throws if the function does not exist.
   */
  invoke(serviceToken: string, event: CustomResourceEvent): Promise<{ readonly error?: string }>;
  random(bytes: number): Buffer;
}

export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

interface Response {
  readonly Status?: unknown;
  readonly Reason?: unknown;
  readonly PhysicalResourceId?: unknown;
  readonly StackId?: unknown;
  readonly RequestId?: unknown;
  readonly LogicalResourceId?: unknown;
  readonly Data?: unknown;
}

const MAXIMUM_RESPONSE_BYTES = 4096;
const MAXIMUM_PHYSICAL_ID_BYTES = 1024;
const DEFAULT_SERVICE_TIMEOUT_SECONDS = 3600;
const NO_RESPONSE =
  'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId';

/** Handles custom resources: invokes the function of the service token and waits for its response. */
export class CustomResources implements ResourceHandler {
  /** The pending requests, by the path and query of their ResponseURL. */
  private readonly waiting = new Map<string, (body: Buffer) => void>();
  private readonly closing = abortController();

  constructor(private readonly options: CustomResourcesOptions) {}

  /** The host of every ResponseURL. It is the same as on AWS, so that functions can check it. */
  get responseHost(): string {
    return responseHost(this.options.region);
  }

  /** Accepts a PUT to a ResponseURL. A late response, a second response or an unknown URL has no effect. */
  respond(pathAndQuery: string, body: Buffer): void {
    this.waiting.get(pathAndQuery)?.(body);
  }

  /** Cancels all pending requests. */
  close(): void {
    this.closing.abort();
  }

  async create(context: ResourceContext, properties: Properties): Promise<ResourceState> {
    try {
      return this.stateAfter(
        properties,
        await this.request(context, { RequestType: 'Create', ResourceProperties: properties }),
      );
    } catch (error) {
      if (!(error instanceof ResourceFailure) || error.physicalId !== undefined || error instanceof NotSent) {
        throw error;
      }
      // The function may have created a resource. The rollback sends Delete with a generated physical ID.
      const suffix = this.options.random(7).toString('hex').toUpperCase().slice(0, 13);
      throw new ResourceFailure(error.message, `${context.stackName}-${context.logicalId}-${suffix}`, error.canceled);
    }
  }

  async update(context: ResourceContext, current: ResourceState, properties: Properties): Promise<ResourceState> {
    if (properties.ServiceToken !== current.properties.ServiceToken) {
      throw new ResourceFailure('Modifying service token is not allowed.');
    }
    return this.sendUpdate(context, current, properties);
  }

  async restore(context: ResourceContext, current: ResourceState, before: ResourceState): Promise<ResourceState> {
    return this.sendUpdate(context, current, before.properties);
  }

  async delete(context: ResourceContext, current: ResourceState): Promise<void> {
    await this.request(context, {
      RequestType: 'Delete',
      PhysicalResourceId: current.physicalId,
      ResourceProperties: current.properties,
    });
  }

  replaces(): 'Conditional' {
    return 'Conditional';
  }

  missingAttribute(_: unknown, attribute: string): string {
    return `CustomResource attribute error: Vendor response doesn't contain ${attribute} key in object`;
  }

  private async sendUpdate(
    context: ResourceContext,
    current: ResourceState,
    properties: Properties,
  ): Promise<ResourceState> {
    return this.stateAfter(
      properties,
      await this.request(context, {
        RequestType: 'Update',
        PhysicalResourceId: current.physicalId,
        ResourceProperties: properties,
        OldResourceProperties: current.properties,
      }),
    );
  }

  private async request(
    context: ResourceContext,
    request: Pick<
      CustomResourceEvent,
      'RequestType' | 'PhysicalResourceId' | 'ResourceProperties' | 'OldResourceProperties'
    >,
  ): Promise<Response> {
    const serviceToken = request.ResourceProperties.ServiceToken;
    if (typeof serviceToken !== 'string' || !serviceToken.startsWith('arn:')) {
      throw new NotSent('Invalid service token: it must be the ARN of a Lambda function.');
    }
    const requestId = uuid(this.options.random(16));
    const responseUrl = this.responseUrl(context, requestId);
    const event: CustomResourceEvent = {
      RequestType: request.RequestType,
      ServiceToken: serviceToken,
      ResponseURL: responseUrl.href,
      StackId: context.stackId,
      RequestId: requestId,
      LogicalResourceId: context.logicalId,
      ResourceType: context.type,
      ...(request.PhysicalResourceId === undefined ? {} : { PhysicalResourceId: request.PhysicalResourceId }),
      ResourceProperties: stringified(request.ResourceProperties) as Properties,
      ...(request.OldResourceProperties === undefined
        ? {}
        : { OldResourceProperties: stringified(request.OldResourceProperties) as Properties }),
    };
    const body = await this.responseTo(event, responseUrl, context.signal);
    return accepted(event, body);
  }

  /** Waits for a response, the service timeout, the failure of the last attempt or the end of the operation. */
  private responseTo(event: CustomResourceEvent, responseUrl: URL, signal: AbortSignal): Promise<Buffer> {
    const pathAndQuery = responseUrl.pathname + responseUrl.search;
    const seconds = Number(event.ResourceProperties.ServiceTimeout ?? DEFAULT_SERVICE_TIMEOUT_SECONDS);
    const done = new AbortController();
    return new Promise<Buffer>((resolve, reject) => {
      const fail = (message: string) => reject(new ResourceFailure(message));
      const canceled = () => reject(new ResourceFailure('Resource operation cancelled', undefined, true));
      signal.addEventListener('abort', canceled, { signal: done.signal });
      if (this.closing.signal.aborted) return fail('The local service was closed.');
      this.closing.signal.addEventListener('abort', () => fail('The local service was closed.'), {
        signal: done.signal,
      });
      this.waiting.set(pathAndQuery, resolve);
      sleep(this.options.clock, seconds * 1000, done.signal).then(
        () => fail(`${NO_RESPONSE} [${event.RequestId}].`),
        () => {},
      );
      this.options.invoke(event.ServiceToken, event).then(
        ({ error }) => {
          if (error !== undefined && this.options.failFast) {
            fail(`${NO_RESPONSE} [${event.RequestId}]. The function failed: ${error}`);
          }
        },
        (error: Error) => reject(new NotSent(error.message)),
      );
    }).finally(() => {
      this.waiting.delete(pathAndQuery);
      done.abort();
    });
  }

  private responseUrl(context: ResourceContext, requestId: string): URL {
    const date = new Date(this.options.clock.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const url = new URL(`https://${this.responseHost}/`);
    url.pathname = `/${encodeURIComponent(context.stackId).replace(/%2F/g, '/')}%7C${context.logicalId}%7C${requestId}`;
    url.search = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': date,
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': '7200',
      'X-Amz-Credential': `AKIALOCALCLOUDFORMATION/${date.slice(0, 8)}/${this.options.region}/s3/aws4_request`,
      'X-Amz-Signature': this.options.random(32).toString('hex'),
    }).toString();
    return url;
  }

  private stateAfter(properties: Properties, response: Response): ResourceState {
    const data = isObject(response.Data) ? response.Data : {};
    const attributes = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, scalarAsString(value)]));
    return { physicalId: String(response.PhysicalResourceId), properties, attributes };
  }
}

/** A request that the function did not receive, so that there is nothing to delete. */
class NotSent extends ResourceFailure {}

export function responseHost(region: string): string {
  return `cloudformation-custom-resource-response-${region.replace(/-/g, '')}.s3.${region}.amazonaws.com`;
}

/** @throws ResourceFailure if the response is FAILED, too long, or does not match the request. */
function accepted(event: CustomResourceEvent, body: Buffer): Response {
  if (body.length > MAXIMUM_RESPONSE_BYTES) throw new ResourceFailure('Response object is too long.');
  const response = parsed(body);
  if (!response) throw new ResourceFailure('Invalid response object: it is not a JSON object.');
  const physicalId =
    typeof response.PhysicalResourceId === 'string' && response.PhysicalResourceId
      ? response.PhysicalResourceId
      : undefined;
  for (const field of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (response[field] !== event[field]) {
      throw new ResourceFailure(`Invalid response object: ${field} does not match the request's.`);
    }
  }
  if (physicalId !== undefined && Buffer.byteLength(physicalId) > MAXIMUM_PHYSICAL_ID_BYTES) {
    throw new ResourceFailure(`Invalid PhysicalResourceId: it is longer than ${MAXIMUM_PHYSICAL_ID_BYTES} bytes.`);
  }
  if (response.Status === 'FAILED') {
    const reason =
      typeof response.Reason === 'string' && response.Reason
        ? response.Reason
        : 'See the details in CloudWatch Log Stream';
    throw new ResourceFailure(
      `Received response status [FAILED] from custom resource. Message returned: ${reason} (RequestId: `
      + `${event.RequestId})`,
      physicalId,
    );
  }
  if (response.Status !== 'SUCCESS') {
    throw new ResourceFailure('Invalid response object: Status must be SUCCESS or FAILED.', physicalId);
  }
  if (physicalId === undefined && event.RequestType !== 'Delete') {
    throw new ResourceFailure('Invalid PhysicalResourceId');
  }
  return response;
}

function parsed(body: Buffer): Response | undefined {
  try {
    const response: unknown = JSON.parse(body.toString('utf8'));
    return isObject(response) ? response : undefined;
  } catch {
    return undefined;
  }
}

/** Converts every scalar to a string at any depth, as CloudFormation does for custom resources. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringified);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, nested]) => [key, stringified(nested)]));
  }
  return scalarAsString(value);
}

const scalarAsString = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

function uuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
