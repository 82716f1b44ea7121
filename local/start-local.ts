import { startLocalDeploy, type LocalDeploy, type LocalDeployOptions } from './deploy/start-local-deploy';
import { Identities } from './identities';
import { ivsChatResourceTypes } from './ivs-chat-resource-types';
import { allLogDestinations } from './ivs-chat/chat-logs/log-destinations';
import { startLocalIvsChat, type LocalIvsChatOptions } from './ivs-chat/start-local-ivs-chat';

export interface LocalOptions {
  /** The port of the control plane and of messaging on 127.0.0.1. @default 0, any that is free */
  readonly port?: number;
  /** One of the Regions that have Amazon IVS Chat. @default us-west-2 */
  readonly region?: string;
  /** Twelve digits. @default 123456789012 */
  readonly accountId?: string;
  /** Gets what happens, one record each; secrets are left out. @default - nothing is logged */
  readonly log?: LocalDeployOptions['log'];
  /** How the local IVS Chat is to behave. @default - as the service does, with the quotas off that would only hinder */
  readonly ivsChat?: Omit<LocalIvsChatOptions, 'port' | 'region' | 'accountId' | 'identities' | 'invokeFunction' | 'functionPolicy'>;
  /** How the deployment endpoint is to behave. @default - as AWS does, without its waits */
  readonly deploy?: Omit<LocalDeployOptions, 'port' | 'region' | 'accountId' | 'identities' | 'log'>;
}

/** Both local services, knowing each other. */
export interface Local {
  /** `http://127.0.0.1:N`: what `endpoint` of an IVS Chat client takes. */
  readonly controlPlane: string;
  /** `ws://127.0.0.1:N`: what `regionOrUrl` of the official messaging client takes. */
  readonly messaging: string;
  /** The web console of the local IVS Chat, for people. */
  readonly console: string;
  /** `http://127.0.0.1:M`: where the CDK CLI deploys to. */
  readonly deploy: string;
  /** The variables that point the AWS SDKs, the AWS CLI and the CDK CLI at the two, with the keys whose signatures they accept. */
  readonly environment: { readonly [name: string]: string };
  /** Ends both, and every process that they started. */
  close(): Promise<void>;
}

/**
 * Starts a local IVS Chat and the endpoint that the real CDK CLI deploys to, on loopback.
 *
 * @example
 * const local = await startLocal();
 * const client = new IvschatClient({ endpoint: local.controlPlane, region: 'us-west-2' });
 * await local.close();
 */
export async function startLocal({ port, region, accountId, log, ivsChat: ivsChatOptions, deploy: deployOptions }: LocalOptions = {}): Promise<Local> {
  const identities = new Identities(accountId);
  let deploy: LocalDeploy | undefined; // made second, because its functions are told where IVS Chat is
  const ivsChat = await startLocalIvsChat({
    ...ivsChatOptions,
    port,
    region,
    identities,
    async invokeFunction(functionArn, event) {
      const { payload, functionError } = await deploy!.invokeFunction(functionArn, event);
      if (functionError) throw new Error(`the function failed: ${functionError}`);
      return JSON.parse(payload);
    },
    functionPolicy: (functionArn) => policyOf(deploy!, functionArn),
    logDestinations: allLogDestinations([
      {
        putObject: (...object) => deploy!.putObject(...object),
        putLogEvents: (...events) => deploy!.putLogEvents(...events),
        putRecordBatch() {}, // a delivery stream of a stack leads nowhere
      },
      ...ivsChatOptions?.logDestinations ? [ivsChatOptions.logDestinations] : [],
    ]),
  });
  try {
    deploy = await startLocalDeploy({
      ...deployOptions,
      region: ivsChat.region,
      identities,
      log,
      resourceTypes: { ...ivsChatResourceTypes(ivsChat.call), ...deployOptions?.resourceTypes },
      functionEnvironment: {
        AWS_ENDPOINT_URL_IVSCHAT: ivsChat.controlPlane,
        IVS_CHAT_SETTLING_TIME_IN_SECONDS: '0', // the local service is consistent at once
        ...deployOptions?.functionEnvironment,
      },
    });
    const { endpoint, environment } = deploy;
    return {
      controlPlane: ivsChat.controlPlane,
      messaging: ivsChat.messaging,
      console: ivsChat.console,
      deploy: endpoint,
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

/** Undefined where there is no such function. */
function policyOf(deploy: LocalDeploy, functionArn: string) {
  try {
    return deploy.functionPolicy(functionArn);
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    return undefined;
  }
}
