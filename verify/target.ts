import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aws, type Credentials } from './aws';
import { startLocal, VirtualClock } from '../local';
import { regions } from '../src/contract/regions';

/** The account and the Region that are verified. */
export interface Target {
  readonly isLocal: boolean;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: Credentials;
  /** The endpoints of the services. An absent endpoint is the default of the service. */
  readonly endpoints: { readonly aws?: string; readonly ivsChat?: string; readonly messaging: string };
  /** The variables for the CDK CLI and for the conformance suite. */
  readonly environment: { readonly [name: string]: string };
  /** Waits. The local service has a clock that is advanced instead. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Returns the AWS account of the credentials in the environment. */
export async function awsTarget(environment: NodeJS.ProcessEnv): Promise<Target> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? '';
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('The environment has no credentials; set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and,'
      + ' for temporary credentials, AWS_SESSION_TOKEN');
  }
  if (!regions.some((known) => known === region)) {
    throw new Error(`AWS_REGION must be one of ${regions.join(', ')}, got ${JSON.stringify(region)}`);
  }
  const credentials = { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined };
  const endpoints = { messaging: `wss://edge.ivschat.${region}.amazonaws.com` };
  const identity = await new Aws({ region, credentials, endpoints }).query('sts', 'GetCallerIdentity');
  return {
    isLocal: false,
    region,
    accountId: /<Account>(\d{12})</.exec(identity)![1]!,
    credentials,
    endpoints,
    environment: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken ?? '',
      AWS_REGION: region,
      AWS_PROFILE: '', // the CDK CLI prefers a profile to the keys
    },
    wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    close: async () => {},
  };
}

/** Starts the local services. The account id is random, so a test can find it in the output. */
export async function localTarget(): Promise<Target> {
  const clock = new VirtualClock();
  let ahead = 0;
  const ticking = setInterval(() => clock.advance(Math.max(0, Date.now() + ahead - clock.now())), 5);
  const accountId = String(100_000_000_000 + randomBytes(4).readUInt32BE());
  const local = await startLocal({ accountId, ivsChat: { clock } });
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = local.environment;
  return {
    isLocal: true,
    region: AWS_REGION!,
    accountId,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
    endpoints: { aws: local.deploy, ivsChat: local.controlPlane, messaging: local.messaging },
    environment: { ...local.environment, AWS_SESSION_TOKEN: '', AWS_PROFILE: '' },
    async wait(milliseconds) {
      ahead += milliseconds;
      await sleep(20);
    },
    async close() {
      clearInterval(ticking);
      await local.close();
    },
  };
}
