import { startLocalIvsChat } from '../../local/ivs-chat/start-local-ivs-chat';

/** The service that the suite tests. */
export interface ConformanceEndpoint {
  readonly isLocal: boolean;
  readonly region: string;
  readonly controlPlane?: string;
  readonly messaging: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** A bucket of the account, for logging configurations. */
  readonly bucketName?: string;
  close(): Promise<void>;
}

/**
 * Starts the local service. With IVS_CHAT_CONFORMANCE=real, returns the AWS account of AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION instead. The suite creates rooms there and deletes them at
 * the end. IVS_CHAT_CONFORMANCE_BUCKET names a bucket for logs.
 */
export async function conformanceEndpoint(): Promise<ConformanceEndpoint> {
  if (process.env.IVS_CHAT_CONFORMANCE === 'real') {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region } = process.env;
    const sessionToken = process.env.AWS_SESSION_TOKEN;
    if (!accessKeyId || !secretAccessKey || !region) {
      throw new Error('IVS_CHAT_CONFORMANCE=real needs AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION');
    }
    return {
      isLocal: false,
      region,
      messaging: `wss://edge.ivschat.${region}.amazonaws.com`,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      bucketName: process.env.IVS_CHAT_CONFORMANCE_BUCKET,
      close: async () => {},
    };
  }
  const chat = await startLocalIvsChat();
  const { controlPlane, messaging, region } = chat;
  const credentials = chat.identities.administrator;
  return { isLocal: true, region, controlPlane, messaging, credentials, bucketName: 'logs', close: () => chat.close() };
}
