import type { TokenRequest } from './aws/cognito/issue-token';
import { startLocalDeploy, type LocalDeploy, type LocalDeployOptions } from './aws/start-local-deploy';
import { Identities } from './aws/http/identities';
import { ivsChatResourceTypes } from './ivs-chat/ivs-chat-resource-types';
import { invokeFunctionAt } from './ivs-chat/messaging/message-review';
import { allLogDestinations } from './ivs-chat/chat-logs/log-destinations';
import { startLocalIvsChat, type LocalIvsChatOptions } from './ivs-chat/start-local-ivs-chat';

export interface LocalOptions {
  /** The port of the control plane and of messaging on 127.0.0.1. @default - any free port */
  readonly port?: number;
  /** One of the Regions that have Amazon IVS Chat. @default us-west-2 */
  readonly region?: string;
  /** Twelve digits. @default 123456789012 */
  readonly accountId?: string;
  /**
   * The credentials of the administrator.
   *
   * @default - new credentials
   */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Whether to verify signatures. If false, every caller with other credentials is the administrator. @default true */
  readonly verifySignatures?: boolean;
  /**
   * The URL of the message review handler of all rooms. The service sends the event in a POST request, and the response
   * is the review. The handlers of the rooms are not invoked, and their permissions are not checked.
   *
   * @default - the function of each room, in the deployment endpoint
   */
  readonly reviewHandler?: string;
  /** Receives stack events, function output and requests, without secrets. @default - no logging */
  readonly log?: LocalDeployOptions['log'];
  /** The options of the local IVS Chat. @default - the behavior of the service, with the account-wide rates off */
  readonly ivsChat?: Omit<
    LocalIvsChatOptions,
    'port' | 'region' | 'accountId' | 'identities' | 'verifySignatures' | 'invokeFunction' | 'functionPolicy'
  >;
  /** The options of the deployment endpoint. @default - the behavior of AWS, with shorter waits */
  readonly deploy?: Omit<LocalDeployOptions, 'region' | 'accountId' | 'identities' | 'verifySignatures' | 'log'>;
}

/** The local IVS Chat and the local deployment endpoint, connected to each other. */
export interface Local {
  /** The value for `endpoint` of an IVS Chat client, `http://127.0.0.1:N`. */
  readonly controlPlane: string;
  /** The value for `regionOrUrl` of the official messaging client, `ws://127.0.0.1:N`. */
  readonly messaging: string;
  /** The URL of the web console of the local IVS Chat, with its key. */
  readonly console: string;
  /** The endpoint that the CDK CLI deploys to, `http://127.0.0.1:M`. */
  readonly deploy: string;
  /** The URL of the local token issuer, for JWT authorizers without a user pool. It is known before a deployment. */
  readonly issuer: string;
  /**
   * Issues a JSON web token that the JWT authorizers of deployed HTTP APIs accept.
   *
   * @throws an error that names the field if the request is not valid.
   *
   * @example
   * const local = await startLocal();
   * const token = await local.issueToken({ sub: 'ada', userPool: 'us-west-2_AbCdEfGhI' });
   * await fetch('http://127.0.0.1:8080/', { headers: { authorization: `Bearer ${token}` } });
   */
  issueToken(request: TokenRequest): Promise<string>;
  /** The environment variables for the AWS SDKs, the AWS CLI and the CDK CLI, with endpoints and credentials. */
  readonly environment: { readonly [name: string]: string };
  /** Closes both services and ends every process that they started. */
  close(): Promise<void>;
}

/**
 * Starts a local IVS Chat and a local endpoint for the AWS CDK CLI, both on 127.0.0.1.
 *
 * @example
 * const local = await startLocal();
 * const client = new IvschatClient({ endpoint: local.controlPlane, region: 'us-west-2' });
 * await local.close();
 */
export async function startLocal({
  port,
  region,
  accountId,
  credentials,
  verifySignatures,
  reviewHandler,
  log,
  ivsChat: ivsChatOptions,
  deploy: deployOptions,
}: LocalOptions = {}): Promise<Local> {
  const identities = new Identities(accountId, credentials);
  let deploy: LocalDeploy | undefined; // starts second, because its functions need the endpoint of IVS Chat
  const ivsChat = await startLocalIvsChat({
    ...ivsChatOptions,
    port,
    region,
    identities,
    verifySignatures,
    ...(reviewHandler === undefined
      ? {
        async invokeFunction(functionArn, event, limit) {
          const initialization = { began: limit.stop, ended: limit.restart };
          const { payload, functionError } = await deploy!.invokeFunction(functionArn, event, initialization);
          if (functionError) throw new Error(`the function failed: ${functionError}`);
          return JSON.parse(payload);
        },
        functionPolicy: (functionArn) => policyOf(deploy!, functionArn),
      }
      : { invokeFunction: invokeFunctionAt(reviewHandler) }),
    deployState: () => deploy?.state() ?? { stacks: [], logLines: [] },
    logDestinations: allLogDestinations([
      {
        putObject: (...object) => deploy!.putObject(...object),
        putLogEvents: (...events) => deploy!.putLogEvents(...events),
        putRecordBatch() {}, // delivery streams of stacks have no effect
      },
      ...(ivsChatOptions?.logDestinations ? [ivsChatOptions.logDestinations] : []),
    ]),
  });
  try {
    deploy = await startLocalDeploy({
      ...deployOptions,
      region: ivsChat.region,
      identities,
      verifySignatures,
      log,
      resourceTypes: { ...ivsChatResourceTypes(ivsChat.call), ...deployOptions?.resourceTypes },
      functionEnvironment: {
        AWS_ENDPOINT_URL_IVSCHAT: ivsChat.controlPlane,
        IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0', // reads of the local service are consistent
        ...deployOptions?.functionEnvironment,
      },
    });
    const { endpoint, environment, issuer, issueToken } = deploy;
    return {
      controlPlane: ivsChat.controlPlane,
      messaging: ivsChat.messaging,
      console: ivsChat.console,
      deploy: endpoint,
      issuer,
      issueToken,
      environment: { ...environment, AWS_ENDPOINT_URL_IVSCHAT: ivsChat.controlPlane },
      async close() {
        await deploy!.close();
        await ivsChat.close();
      },
    };
  } catch (error) {
    await ivsChat.close();
    throw error;
  }
}

/** Returns the resource-based policy of a function, or undefined if the function does not exist. */
function policyOf(deploy: LocalDeploy, functionArn: string) {
  try {
    return deploy.functionPolicy(functionArn);
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    return undefined;
  }
}
