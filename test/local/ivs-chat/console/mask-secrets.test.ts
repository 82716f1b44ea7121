import { inspect } from 'node:util';
import { MASK, maskedJson, maskText } from '../../../../local/ivs-chat/console/mask-secrets';
import { Identities } from '../../../../local/aws/http/identities';
import { ChatTokens } from '../../../../local/ivs-chat/messaging/chat-tokens';
import { systemClock } from '../../../../local/clock';
import { systemRandom } from '../../../../local/ivs-chat/ids';

const { token } = new ChatTokens(systemClock, systemRandom).issue({
  roomArn: 'r', userId: 'u', attributes: {}, capabilities: [], sessionExpirationTime: 0,
});
const { accessKeyId, secretAccessKey, sessionToken } = new Identities().assumeRole('arn', undefined);
const responseUrl = 'http://127.0.0.1:4566/arn%3Aaws%3Acloudformation%3Aus-west-2/x?X-Amz-Signature=abc&Expires=1';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';
const environment = {
  AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken,
};
const secrets = [token, accessKeyId, secretAccessKey, sessionToken!, 'Signature=', 'c2lnbmF0dXJl', jwt, 'AKIA'];

test.each<[string, string]>([
  ['a chat token in a sentence', `connects with ${token}, once`],
  ['each of two secrets', `${token} ${token} ${jwt} ${jwt}`],
  ['a presigned URL', 'GET https://bucket.test/key?X-Amz-Signature=abc&X-Amz-Expires=1'],
  ['a ResponseURL in another case', 'HTTPS://host.test/ARN%3aaws%3acloudformation%3aus-west-2/x?Signature=abc'],
  ['credentials as Node.js prints them', inspect({ accessKeyId, secretAccessKey, sessionToken })],
  ['the environment as JSON', JSON.stringify(environment)],
  ['the environment as JSON inside JSON', JSON.stringify(JSON.stringify(environment))],
  ['the environment as Node.js prints it', inspect(environment)],
  ['the environment of a shell', Object.entries(environment).map(([name, value]) => `${name}=${value}`).join(' ')],
  ['the event of a custom resource', JSON.stringify({ RequestType: 'Create', ResponseURL: responseUrl })],
  ['an authorization header', `authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/x, Signature=abc`],
  ['an access key ID of a user in a text', 'key AKIAABCDEFGHIJKLMNOP of a user'],
  ['an access key ID of a role in a text', `key ${accessKeyId} of a role`],
  ['a JSON web token', `Bearer ${jwt}`],
])('masks %s', (_what, text) => {
  const masked = maskText(text);
  expect(masked).toContain(MASK);
  for (const secret of secrets) expect(masked).not.toContain(secret);
});

test('masks members by their name, and the result is JSON', () => {
  const masked = JSON.parse(maskedJson({
    token: 'x"y',
    password: 'x',
    clientSecret: 'x',
    Authorization: 'x',
    nested: [{ sessionToken: 'x' }],
    nextSessionToken: 'x',
    credential: 'x',
    credentials: 'x',
    ResponseURL: 'x',
    count: 7,
    nextToken: 'page 2',
    expiredToken: 'a kind of fault',
    Content: 'tokens are great',
    content: token,
    tokenExpirationTime: '2026',
    userId: 'ada',
  }));
  expect(masked).toEqual({
    token: MASK,
    password: MASK,
    clientSecret: MASK,
    Authorization: MASK,
    nested: [{ sessionToken: MASK }],
    nextSessionToken: MASK,
    credential: MASK,
    credentials: MASK,
    ResponseURL: MASK,
    count: 7,
    nextToken: 'page 2',
    expiredToken: 'a kind of fault',
    Content: 'tokens are great',
    content: MASK,
    tokenExpirationTime: '2026',
    userId: 'ada',
  });
});

test('does not change ordinary text', () => {
  const arn = 'arn:aws:ivschat:us-west-2:123456789012:room/abcABC123456';
  for (const text of ['Hello 👋', 'https://example.com/?a=1', arn]) expect(maskText(text)).toBe(text);
});
