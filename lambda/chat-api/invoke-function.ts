import { Attempt } from '../http/attempt';
import { credentialsOfEnvironment } from '../http/credentials';
import { requestHandler } from '../http/node-request-handler';
import { signer } from '../http/sign';
import { systemClock } from '../http/system-clock';

const MAXIMUM_RESPONSE_BYTES = 64 * 1024;
const ATTEMPTS = 3;

const handler = requestHandler({}, systemClock, MAXIMUM_RESPONSE_BYTES, 'cdk-ivs-chat');
const sign = signer('lambda');

/**
 * Invokes a function of this Region asynchronously. Lambda puts the event into its queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeFunction(name: string, event: object): Promise<void> {
  const { env } = process;
  const region = env.AWS_REGION!;
  const endpoint = env.AWS_ENDPOINT_URL_LAMBDA ?? env.AWS_ENDPOINT_URL ?? `https://lambda.${region}.amazonaws.com`;
  const { protocol, hostname, port, host } = new URL(endpoint);
  const request = {
    method: 'POST',
    protocol,
    hostname,
    port: Number(port) || undefined,
    path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
    headers: { host, 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
    body: JSON.stringify(event),
  };

  for (let attempt = 1; ; attempt++) {
    try {
      const headers = await sign(request, credentialsOfEnvironment(env), region, Date.now());
      const { response: { statusCode } } = await Attempt.run(systemClock, 3000, undefined, (options) =>
        handler.handle({ ...request, headers }, options));
      if (statusCode === 202) return;
      throw Object.assign(new Error(`Lambda responded with HTTP ${statusCode}`), { name: `HTTP${statusCode}` });
    } catch (error) {
      // A second event has no other effect than a second disconnect.
      if (attempt === ATTEMPTS || /^HTTP4(?!29)/.test((error as Error).name)) throw error;
      await new Promise((resume) => setTimeout(resume, 100 * 2 ** attempt));
    }
  }
}
