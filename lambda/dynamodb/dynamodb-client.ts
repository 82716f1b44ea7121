import { fromAttributeValues, toAttributeValues, type Attributes } from './attribute-values';
import { Attempt } from '../http/attempt';
import { credentialsOfEnvironment, remembered } from '../http/credentials';
import { environment, requestHandler } from '../http/platform';
import { metadataOf, textOf } from '../http/response';
import { errorTypeOf, retryAfter, standardRetryStrategy } from '../http/retry';
import { signer } from '../http/sign';
import { systemClock } from '../http/system-clock';
import type {
  AwsCredentialIdentity, Clock, HttpHandler, HttpRequest, Provider, ResponseMetadata, RetryStrategy,
} from '../http/types';

/** The options of a client. A Lambda function needs none. */
export interface DynamoDbClientConfig {
  /** The Region of the table. @default - AWS_REGION */
  readonly region?: string;
  /** The address of the service. @default - AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, or the one of the Region */
  readonly endpoint?: string;
  /** @default - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN */
  readonly credentials?: Provider<AwsCredentialIdentity>;
  /** @default - node:https with open connections */
  readonly requestHandler?: HttpHandler;
  /** The maximum number of requests for one call. @default 3 */
  readonly maxAttempts?: number;
  /** The clock for timeouts, delays and signatures. @default - the clock of the system */
  readonly clock?: Clock;
  /** Returns random numbers of at least 0 and less than 1, for the jitter of retries. @default Math.random */
  readonly random?: () => number;
}

export interface DynamoDbQuery {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues: Attributes;
  readonly ConsistentRead?: boolean;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Attributes;
}

export interface QueryOutput {
  readonly Items: readonly Attributes[];
  readonly LastEvaluatedKey?: Attributes;
}

export interface GetItemInput {
  readonly TableName: string;
  readonly Key: Attributes;
  readonly ConsistentRead?: boolean;
}

interface Condition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Attributes;
}

export interface PutItemInput extends Condition {
  readonly TableName: string;
  readonly Item: Attributes;
}

export interface UpdateItemInput extends Condition {
  readonly TableName: string;
  readonly Key: Attributes;
  readonly UpdateExpression: string;
}

export interface DeleteItemInput extends Condition {
  readonly TableName: string;
  readonly Key: Attributes;
}

/** An error response of DynamoDB. Its name is the one of the AWS SDK, such as `ConditionalCheckFailedException`. */
export interface DynamoDbError extends Error {
  readonly $metadata: ResponseMetadata;
}

/** The maximum duration of one request, in milliseconds. */
const REQUEST_TIMEOUT_MILLISECONDS = 3000;
/** The maximum size of a response, in bytes. A page of DynamoDB has at most 1 MB, and its JSON is longer. */
const MAXIMUM_RESPONSE_BYTES = 16_777_216;
/** The members that contain attributes. */
const ATTRIBUTES = ['Key', 'Item', 'ExclusiveStartKey', 'ExpressionAttributeValues'];

/**
 * A client for five operations of Amazon DynamoDB. The inputs and outputs have the names of the API, and plain values
 * instead of attribute values.
 *
 * A cold start with it takes half the time of one with the AWS SDK. The benchmark in bench/chat-api has the figures.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
 */
export class DynamoDbClient {
  readonly #clock: Clock;
  readonly #region: string;
  readonly #url: URL;
  readonly #headers: Record<string, Record<string, string>> = {};
  readonly #credentials: Provider<AwsCredentialIdentity>;
  readonly #handler: HttpHandler;
  readonly #strategy: RetryStrategy;
  readonly #sign = signer('dynamodb');

  constructor(config: DynamoDbClientConfig = {}) {
    const env = environment();
    const region = config.region ?? env.AWS_REGION;
    if (!region) throw new Error('Region is missing: set AWS_REGION, or give `region`');
    const endpoint = config.endpoint ?? env.AWS_ENDPOINT_URL_DYNAMODB ?? env.AWS_ENDPOINT_URL;

    this.#clock = config.clock ?? systemClock;
    this.#region = region;
    this.#url = new URL(endpoint ?? `https://dynamodb.${region}.amazonaws.com`);
    this.#credentials = remembered(config.credentials ?? (async () => credentialsOfEnvironment(env)), this.#clock);
    this.#handler = config.requestHandler
      ?? requestHandler({}, this.#clock, MAXIMUM_RESPONSE_BYTES, 'cdk-ivs-chat');
    this.#strategy = standardRetryStrategy(config.maxAttempts ?? 3, this.#clock, config.random ?? Math.random);
  }

  async query(input: DynamoDbQuery): Promise<QueryOutput> {
    const { Items, LastEvaluatedKey } = await this.#call('Query', input);
    return {
      Items: Items.map(fromAttributeValues),
      LastEvaluatedKey: LastEvaluatedKey && fromAttributeValues(LastEvaluatedKey),
    };
  }

  /** Returns the item, or undefined if it does not exist. */
  async getItem(input: GetItemInput): Promise<Attributes | undefined> {
    const { Item } = await this.#call('GetItem', input);
    return Item && fromAttributeValues(Item);
  }

  async putItem(input: PutItemInput): Promise<void> {
    await this.#call('PutItem', input);
  }

  async updateItem(input: UpdateItemInput): Promise<void> {
    await this.#call('UpdateItem', input);
  }

  async deleteItem(input: DeleteItemInput): Promise<void> {
    await this.#call('DeleteItem', input);
  }

  /** Calls an operation, and repeats the request while another attempt can succeed. */
  async #call(operation: string, input: object): Promise<any> {
    const request = this.#request(operation, input);
    let token = await this.#strategy.acquireInitialRetryToken('');
    for (let attempts = 1; ; attempts++) {
      try {
        const output = await Attempt.run(this.#clock, REQUEST_TIMEOUT_MILLISECONDS, undefined, async (attempt) => {
          const headers = await this.#sign(request, await this.#credentials(), this.#region, this.#clock.now());
          const { response } = await this.#handler.handle({ ...request, headers }, attempt);
          const text = await textOf(response, MAXIMUM_RESPONSE_BYTES);
          if (response.statusCode === 200) return JSON.parse(text);
          throw Object.defineProperty(toError(text, metadataOf(response)), '$response', { value: response });
        });
        this.#strategy.recordSuccess(token);
        return output;
      } catch (error: any) {
        error.$metadata = { ...error.$metadata, attempts };
        const errorType = errorTypeOf(error, false);
        const retryAfterHint = retryAfter(error.$response, this.#clock.now());
        token = await this.#strategy.refreshRetryTokenForRetry(token, { error, errorType, retryAfterHint })
          .catch(() => { throw error; });
        await new Promise<void>((resume) => this.#clock.setTimeout(resume, token.getRetryDelay()));
      }
    }
  }

  #request(operation: string, input: object): HttpRequest {
    const { protocol, hostname, host, port, pathname } = this.#url;
    const members = Object.entries(input).map(([name, value]) =>
      [name, value && ATTRIBUTES.includes(name) ? toAttributeValues(value) : value]);
    return {
      method: 'POST',
      protocol,
      hostname,
      port: Number(port) || undefined,
      path: pathname,
      // The same object for each request of an operation, so that the signer recognizes it.
      headers: this.#headers[operation] ??= {
        host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body: JSON.stringify(Object.fromEntries(members)),
    };
  }
}

function toError(text: string, $metadata: ResponseMetadata): DynamoDbError {
  let body: { __type?: string; message?: string; Message?: string } = {};
  try {
    body = JSON.parse(text);
  } catch {} // The response of a proxy, for example, is not JSON.
  const { __type = 'Unknown', Message, message = Message } = body ?? {};
  return Object.assign(new Error(message ?? 'UnknownError'), { name: String(__type).replace(/^.*#/, ''), $metadata });
}
