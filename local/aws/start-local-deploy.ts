import { randomBytes } from 'node:crypto';
import { systemClock } from '../clock';
import { apiGatewayV2ResourceTypes } from './api-gateway-v2/api-gateway-v2-resource-types';
import { HttpApis } from './api-gateway-v2/http-apis';
import { JsonWebTokens } from './api-gateway-v2/json-web-tokens';
import { cognitoResourceTypes } from './cognito/cognito-resource-types';
import { issueToken, type TokenRequest } from './cognito/issue-token';
import { ISSUER_PATH, TokenEndpoint } from './cognito/token-endpoint';
import { TokenIssuers } from './cognito/token-issuers';
import { UserPools } from './cognito/user-pools';
import { dynamoDbResourceTypes } from './dynamodb/dynamodb-resource-types';
import { dynamoDbService } from './dynamodb/dynamodb-service';
import { DynamoDbTables } from './dynamodb/dynamodb-tables';
import { Identities } from './http/identities';
import { Buckets } from './s3/buckets';
import type { DeployEvent } from './deploy-event';
import { deployState, type DeployState } from './deploy-state';
import { createDeployServer } from './deploy-server';
import { CustomResources, responseHost } from './cloudformation/custom-resources';
import type { RetryStatus } from './cloudformation/engine/deployment';
import { Engine } from './cloudformation/engine/engine';
import type { ResourceHandler } from './cloudformation/resource-handler';
import { AssetDirectories } from './lambda/asset-directories';
import { FunctionCode } from './lambda/function-code';
import type { FunctionPolicy, InvocationResult } from './lambda/function-configuration';
import type { InitializationListener } from './lambda/function-instances';
import { FunctionUrls } from './lambda/function-urls';
import { LambdaFunctions } from './lambda/lambda-functions';
import { close, listen } from './http/http-server';
import { LogGroups } from './cloudwatch-logs/log-groups';
import { ParameterStore } from './ssm/parameter-store';
import { iamResourceTypes } from './iam/iam-resource-types';
import { cloudControlService } from './cloud-control/cloud-control-service';
import { nestedStackType } from './cloudformation/nested-stack-type';
import { noOpResourceTypes, unknownResourceType } from './cloudformation/no-op-resource-types';
import { lambdaResourceTypes } from './lambda/lambda-resource-types';
import { resourceTypeHandler, type ResourceTypes } from './cloudformation/resource-type';
import { s3ResourceTypes } from './s3/s3-resource-types';
import { Roles } from './iam/roles';
import { ServiceError } from './http/service-error';
import { cloudFormationResourceTypes } from './cloudformation/cloudformation-resource-types';
import { cloudFormationService } from './cloudformation/cloudformation-service';
import { lambdaService } from './lambda/lambda-service';
import { cloudWatchLogsResourceTypes } from './cloudwatch-logs/cloudwatch-logs-resource-types';
import { cloudWatchLogsService } from './cloudwatch-logs/cloudwatch-logs-service';
import { s3Service } from './s3/s3-service';
import { ssmResourceTypes } from './ssm/ssm-resource-types';
import { ssmService } from './ssm/ssm-service';
import { stsService } from './sts/sts-service';

export interface LocalDeployOptions {
  /**
   * The port on 127.0.0.1.
   *
   * @default - any free port
   */
  readonly port?: number;
  /** The Region. @default us-west-2 */
  readonly region?: string;
  /** The account ID. @default - the account of `identities`, otherwise 123456789012 */
  readonly accountId?: string;
  /** The accepted callers. Share them with the local IVS Chat, so that it accepts the roles of deployed functions. */
  readonly identities?: Identities;
  /** Whether to verify signatures. If false, every caller with other credentials is the administrator. @default true */
  readonly verifySignatures?: boolean;
  /** Additional environment variables of every function. They take precedence over the variables of the function. */
  readonly functionEnvironment?: { readonly [name: string]: string };
  /** Receives stack events, function output and requests. */
  readonly log?: (event: DeployEvent) => void;
  /**
   * The path of the Node.js executable that runs the functions.
   *
   * @default - the executable of this process
   */
  readonly nodePath?: string;
  /**
   * Whether the account is bootstrapped for the AWS CDK.
   *
   * @default true
   */
  readonly seedBootstrap?: boolean;
  /**
   * Whether a custom resource fails as soon as the last attempt of its function fails without a response. AWS
   * CloudFormation waits until the service timeout.
   *
   * @default true
   */
  readonly failFast?: boolean;
  /**
   * The delays before the first and the second retry of a failed asynchronous invocation, in milliseconds. AWS Lambda
   * waits one and two minutes.
   *
   * @default [1000, 2000]
   */
  readonly retryDelays?: readonly number[];
  /**
   * The duration of a simulated cold start, in milliseconds. Each invocation that starts an instance of a function
   * takes longer by this time. Instances of provisioned concurrency have no cold start.
   *
   * @default 0
   */
  readonly coldStartMilliseconds?: number;
  /**
   * The status of a resource while its create is repeated, after it failed in a deployment with rollback disabled.
   * AWS does not document the status.
   *
   * @default CREATE_IN_PROGRESS
   */
  readonly retryStatus?: RetryStatus;
  /** Additional resource types that are created without effect, such as `AWS::SNS::Topic`, or `*` for all. */
  readonly allowUnknownResourceTypes?: readonly string[];
  /**
   * The address of another AWS emulator, such as `http://127.0.0.1:4566`. It receives the requests for services that
   * this endpoint does not have.
   *
   * @default - such requests are refused
   */
  readonly upstream?: string;
  /** Additional resource types. They take precedence over the built-in types. */
  readonly resourceTypes?: ResourceTypes;
}

/** A running local deployment endpoint. */
export interface LocalDeploy {
  /** The endpoint of all services. */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly identities: Identities;
  /** The environment variables that point the CDK CLI, the AWS CLI and the SDKs at the endpoint, with credentials. */
  readonly environment: { readonly [name: string]: string };
  /** Invokes a deployed function synchronously. @throws ResourceNotFoundException */
  invokeFunction(
    functionArnOrName: string,
    event: unknown,
    initialization?: InitializationListener,
  ): Promise<InvocationResult>;
  /** Returns the resource-based policy of a function. @throws ResourceNotFoundException */
  functionPolicy(functionArn: string): FunctionPolicy;
  /** The URL of the local token issuer, for JWT authorizers without a user pool. */
  readonly issuer: string;
  /**
   * Issues a JSON web token that the JWT authorizers of deployed HTTP APIs accept.
   *
   * @throws an error that names the field if the request is not valid.
   */
  issueToken(request: TokenRequest): Promise<string>;
  /** Writes an object to a bucket, as an AWS service does. @throws NoSuchBucket */
  putObject(bucketName: string, key: string, body: Uint8Array): void;
  /** Writes events to a log group, as an AWS service does. @throws ResourceNotFoundException */
  putLogEvents(
    logGroupName: string,
    logStreamName: string,
    events: readonly { readonly timestamp: number; readonly message: string }[],
  ): void;
  /** Returns the stacks and the output of their functions, for the console of the local IVS Chat. */
  state(): DeployState;
  /** Closes the servers and ends every function. */
  close(): Promise<void>;
}

const BOOTSTRAP_VERSION = '30';

/**
 * Starts a local endpoint for the AWS CDK CLI on 127.0.0.1, with the parts of CloudFormation, Lambda, IAM, S3, SSM, STS
 * and CloudWatch Logs that docs/local-deploy.md describes. The state is in memory.
 *
 * @throws if the port is in use.
 */
export async function startLocalDeploy(options: LocalDeployOptions = {}): Promise<LocalDeploy> {
  const { region = 'us-west-2', failFast = true, seedBootstrap = true } = options;
  const identities = options.identities ?? new Identities(options.accountId);
  const accountId = options.accountId ?? identities.accountId;
  const log = options.log ?? (() => {});
  const clock = systemClock;

  const buckets = new Buckets(clock);
  const parameters = new ParameterStore(clock);
  const logs = new LogGroups(clock);
  const roles = new Roles();
  const assets = new AssetDirectories();
  const code = new FunctionCode(buckets, assets);

  // The functions need the endpoint, which is known only after the server has started to listen.
  let endpoint = '';
  const functions = new LambdaFunctions({
    region,
    accountId,
    identities,
    logs,
    clock,
    onOutput: (functionName, line) => log({ kind: 'function-output', functionName, line }),
    nodePath: options.nodePath ?? process.execPath,
    get endpoint() { return endpoint; },
    responseHost: responseHost(region),
    extraEnvironment: options.functionEnvironment ?? {},
    retryDelays: options.retryDelays ?? [1000, 2000],
    coldStartMilliseconds: options.coldStartMilliseconds ?? 0,
    allowsOf: (roleArn) => roles.allowsOf(roleArn),
  });
  const urls = new FunctionUrls({ functions, identities, roles, clock });
  const issuers = new TokenIssuers();
  const userPools = new UserPools(region, accountId, issuers);
  const tokens = new JsonWebTokens({ clock, localKeys: (issuer) => issuers.keySetOf(issuer) });
  const apis = new HttpApis({ region, accountId, clock, identities, functions, roles, logs, tokens, log });
  const tables = new DynamoDbTables(region, accountId);
  const issue = (request: TokenRequest) =>
    issueToken(request, { clock, issuers, userPools, localIssuer: endpoint + ISSUER_PATH });
  const customResources = new CustomResources({
    region,
    failFast,
    clock,
    random: randomBytes,
    invoke: async (serviceToken, event) => functions.invokeAsynchronously(serviceToken, JSON.stringify(event)),
  });
  const getObject = (bucketName: string, key: string) => buckets.object(bucketName, key)?.body;
  const types: ResourceTypes = {
    ...noOpResourceTypes,
    'AWS::CloudFormation::Stack': nestedStackType(() => engine, getObject),
    ...cloudFormationResourceTypes,
    ...apiGatewayV2ResourceTypes(apis),
    ...cognitoResourceTypes(userPools),
    ...dynamoDbResourceTypes(tables),
    ...iamResourceTypes(roles),
    ...lambdaResourceTypes({ functions, urls, roles, code }),
    ...cloudWatchLogsResourceTypes(logs),
    ...s3ResourceTypes(buckets),
    ...ssmResourceTypes(parameters),
    ...Object.fromEntries((options.allowUnknownResourceTypes ?? []).map((type) => [type, unknownResourceType])),
    ...options.resourceTypes,
  };
  const handlers = new Map<string, ResourceHandler>(
    Object.entries(types).map(([type, definition]) => [type, resourceTypeHandler(definition)]),
  );
  const engine: Engine = new Engine({
    region,
    accountId,
    clock,
    retryStatus: options.retryStatus,
    handler: (type) =>
      type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'
        ? customResources
        : handlers.get(type) ?? handlers.get('*'),
    ssmParameter: (name) => parameters.get(name)?.value,
    localUrl: (text) => apis.localUrl(text),
    onEvent: (event) => log({ kind: 'stack', event }),
  });

  const server = createDeployServer({
    identities,
    verifySignatures: options.verifySignatures ?? true,
    customResources,
    tokenEndpoint: new TokenEndpoint({
      issuers,
      issueToken: issue,
      issuerNamed: (name) =>
        `/${name}` === ISSUER_PATH ? endpoint + ISSUER_PATH : userPools.get(name)?.issuer,
    }),
    region,
    clock,
    log,
    upstream: options.upstream,
    services: [
      cloudFormationService({
        engine,
        clock,
        region,
        accountId,
        getObject,
      }),
      cloudControlService(engine),
      dynamoDbService(tables),
      lambdaService(functions, urls, code),
      cloudWatchLogsService(logs, region, accountId),
      s3Service(buckets, region),
      ssmService(parameters, region, accountId),
      stsService(identities, roles, clock),
    ],
  });
  const { port } = await listen(server, options.port ?? 0);
  endpoint = `http://127.0.0.1:${port}`;
  issuers.add(endpoint + ISSUER_PATH);
  if (seedBootstrap) {
    parameters.put('/cdk-bootstrap/hnb659fds/version', BOOTSTRAP_VERSION, 'String', true);
    buckets.create(`cdk-hnb659fds-assets-${accountId}-${region}`, true);
  }

  return {
    endpoint,
    region,
    accountId,
    identities,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: identities.administrator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: identities.administrator.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DEFAULT_ACCOUNT: accountId,
      CDK_DEFAULT_REGION: region,
    },
    invokeFunction: (functionArnOrName, event, initialization) =>
      functions.invoke(functionArnOrName, JSON.stringify(event ?? {}), { initialization }),
    functionPolicy: (functionArn) => functions.policy(functionArn),
    issuer: endpoint + ISSUER_PATH,
    issueToken: issue,
    putObject(bucketName, key, body) {
      const bucket = buckets.get(bucketName);
      if (!bucket) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
      buckets.put(bucket, key, Buffer.from(body));
    },
    putLogEvents(logGroupName, logStreamName, events) {
      if (!logs.get(logGroupName)) {
        throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
      }
      for (const { timestamp, message } of events) logs.write(logGroupName, logStreamName, message, timestamp);
    },
    state: () => deployState(engine, logs),
    close: async () => {
      customResources.close();
      await Promise.all([urls.closeAll(), apis.close(), functions.close(), close(server)]);
      assets.close();
    },
  };
}
