import type { AwsCredentialIdentity, Clock, Provider } from './types';

/** The remaining lifetime at which credentials are requested again, in milliseconds. */
const REFRESH_MILLISECONDS = 5 * 60_000;

/**
 * Reads the credentials from the environment variables that Lambda sets: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
 * AWS_SESSION_TOKEN.
 *
 * @throws if a profile is selected. The AWS SDK ignores the keys of the environment then.
 */
export function credentialsOfEnvironment(
  environment: Record<string, string | undefined>, profile = environment.AWS_PROFILE,
): AwsCredentialIdentity {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken,
  } = environment;
  if (profile || !accessKeyId || !secretAccessKey) {
    const problem = profile
      ? `cannot read the profile ${profile}: remove the option profile or AWS_PROFILE`
      : 'no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
    const message = `${problem}, or give \`credentials\`, such as fromNodeProviderChain({ profile }) of `
      + '@aws-sdk/credential-providers';
    throw Object.assign(new Error(message), { name: 'CredentialsProviderError' });
  }
  const expiration = environment.AWS_CREDENTIAL_EXPIRATION;
  return { accessKeyId, secretAccessKey, sessionToken, expiration: expiration ? new Date(expiration) : undefined };
}

/**
 * Returns a provider that remembers credentials. It asks the given provider once for all calls that wait, and again
 * shortly before the credentials expire.
 */
export function remembered(provider: Provider<AwsCredentialIdentity>, clock: Clock): Provider<AwsCredentialIdentity> {
  let given: AwsCredentialIdentity | undefined;
  let pending: Promise<AwsCredentialIdentity> | undefined;
  return async () => {
    const expiresSoon = given?.expiration && given.expiration.getTime() - clock.now() < REFRESH_MILLISECONDS;
    if (given && !expiresSoon) return given;
    pending ??= provider().then((identity) => given = identity).finally(() => pending = undefined);
    return pending;
  };
}
