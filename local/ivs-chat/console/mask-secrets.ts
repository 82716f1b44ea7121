/** Replaces a secret. */
export const MASK = '••••••••';

/** The names of members with a secret value. `nextToken` is the position in a list, and `expiredToken` a fault. */
const secretName = /^(authorization|credentials?|password|responseurl|.*secret.*|(?!(next|expired)token$).*token)$/i;

const secrets = [
  /[\w-]{32}\.[\w-]{128}\.[\w-]{32}/g, // a chat token
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, // a JSON web token
  /\bhttps?:\/\/[^\s"'\\]*(?:arn%3Aaws%3Acloudformation|X-Amz-Signature=)[^\s"'\\]*/gi, // a ResponseURL
  /AWS4-HMAC-SHA256 [^"'\\\n]*/g, // a signature
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, // an access key ID
  // The variables of a function that prints its environment.
  /(?<=(?:secret_?access_?key|session_?token)['"\\]*\s*[:=]\s*['"\\]*)[^\s'",\\}]+/gi,
];

/** Replaces credentials, chat tokens, JSON web tokens and the ResponseURL of custom resources in a text. */
export function maskText(text: string): string {
  return secrets.reduce((masked, secret) => masked.replace(secret, MASK), text);
}

/** Returns the value as JSON, without secrets. */
export function maskedJson(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) => {
    if (typeof member !== 'string') return member;
    return secretName.test(name) ? MASK : maskText(member);
  });
}
