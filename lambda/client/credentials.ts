import type { AwsCredentialIdentity, Clock, Provider } from './types';

/** Credentials are requested again when they expire within this time, in milliseconds. */
const REFRESH_MILLISECONDS = 5 * 60_000;

/** Reads the credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, as Lambda sets them. */
export function credentialsOfEnvironment(environment: Record<string, string | undefined>): AwsCredentialIdentity {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = environment;
  if (!accessKeyId || !secretAccessKey) {
    throw Object.assign(
      new Error('no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give `credentials`, such as fromNodeProviderChain() of @aws-sdk/credential-providers'),
      { name: 'CredentialsProviderError' },
    );
  }
  const expiration = environment.AWS_CREDENTIAL_EXPIRATION;
  return { accessKeyId, secretAccessKey, sessionToken, expiration: expiration ? new Date(expiration) : undefined };
}

/** Asks the provider once for all waiting calls, and again shortly before the credentials expire. */
export function remembered(provider: Provider<AwsCredentialIdentity>, clock: Clock): Provider<AwsCredentialIdentity> {
  let given: AwsCredentialIdentity | undefined;
  let pending: Promise<AwsCredentialIdentity> | undefined;
  return async () => {
    if (given && !(given.expiration && given.expiration.getTime() - clock.now() < REFRESH_MILLISECONDS)) return given;
    pending ??= provider().then((identity) => given = identity).finally(() => pending = undefined);
    return pending;
  };
}
