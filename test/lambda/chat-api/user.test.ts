/** The user of a request: the user ID, the roles and the display name come from the identity alone. */
import fc from 'fast-check';
import type { HttpEvent } from '../../../lambda/chat-api/http-event';
import { userOf } from '../../../lambda/chat-api/user';
import type { ChatApiConfiguration } from '../../../src/contract/chat-api/configuration';
import { STANDARD_ROLES } from '../../../src/contract/chat-api/roles';

const configuration: ChatApiConfiguration = {
  rooms: {},
  table: 'BanList',
  roles: {
    guest: 'guest',
    viewer: 'viewer',
    admin: 'moderator',
    chat: 'host',
    speaker: { capabilities: ['SEND_MESSAGE'], operations: ['SendEvent', 'CreateChatToken'] },
  },
  defaultRole: 'viewer',
  claims: { userId: 'sub', displayName: 'name', role: 'roles' },
  sessionDurationInMinutes: 60,
};
const cognito = { ...configuration, claims: { ...configuration.claims, role: 'cognito:groups' } };

type Authorizer = HttpEvent['requestContext']['authorizer'];
const user = (authorizer: Authorizer, given = configuration) =>
  userOf({ routeKey: '', requestContext: { authorizer } }, given);
const withClaims = (claims: object, given = configuration) =>
  user({ jwt: { claims: { sub: 'ada', ...claims } } }, given);
const refused = expect.objectContaining({ problem: 'unauthenticated' });
const catchError = (action: () => unknown) => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('the role', () => {
  test.each<[string, unknown]>([
    ['viewer', undefined],
    ['viewer', 'nobody'],
    ['admin', 'admin'],
    ['admin', '[admin]'],
    ['viewer', 'chat admin'], // one group with a blank
    ['viewer', '[chat admin]'], // two groups, or one group with a blank
    ['viewer', '[viewer chat admin]'],
    ['viewer', '[[admin]]'],
    ['viewer', ' admin'],
    ['viewer', 'ADMIN'],
    ['viewer', '[]'],
    ['viewer', 'constructor'],
    ['viewer', '__proto__'],
    ['viewer', 'toString'],
    ['viewer', 'admin,viewer'],
  ])('is %s for the claim %j of a JSON web token', (role, roles) => {
    expect(withClaims({ roles }).role).toBe(role);
  });

  test('of several groups of a user pool has the rights of all', () => {
    const { role, capabilities, operations } = withClaims({ 'cognito:groups': '[speaker admin other]' }, cognito);
    expect(role).toBe('admin');
    expect(capabilities).toEqual(['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER']);
    expect(new Set(operations)).toEqual(new Set([...STANDARD_ROLES.moderator.operations, 'SendEvent']));
  });

  test('of a Lambda authorizer can have blanks and is a list or one text', () => {
    const of = (roles: unknown) => user({ lambda: { sub: 'ada', roles } }).role;
    expect([of(['chat admin']), of(['viewer', 'admin']), of('admin'), of('[admin]'), of([['admin']]), of(null)])
      .toEqual(['viewer', 'admin', 'admin', 'viewer', 'viewer', 'viewer']);
  });

  test.each<[string, Authorizer]>([
    ['a JSON web token', { jwt: { claims: { sub: 'ada', roles: 'admin', is_anonymous: 'true' } } }],
    ['a Lambda authorizer', { lambda: { sub: 'ada', roles: 'admin', is_anonymous: true } }],
    ['an identity pool', { iam: { sub: 'ada', roles: 'admin', cognitoIdentity: { amr: ['unauthenticated'] } } }],
    ['an identity pool with another method before it', {
      iam: { sub: 'ada', roles: 'admin', cognitoIdentity: { amr: ['other', 'unauthenticated'] } },
    }],
  ])('of an anonymous user of %s is guest', (_, authorizer) => {
    expect(user(authorizer)).toMatchObject({ role: 'guest', ...STANDARD_ROLES.guest });
  });

  test.each<[string, Authorizer]>([
    ['a JSON web token', { jwt: { claims: { sub: 'ada', roles: 'admin', is_anonymous: 'false' } } }],
    ['a Lambda authorizer', { lambda: { sub: 'ada', roles: 'admin', is_anonymous: false } }],
    ['an identity pool', { iam: { sub: 'ada', roles: 'admin', cognitoIdentity: { amr: ['authenticated'] } } }],
    ['an identity pool with a method that is text', {
      iam: { sub: 'ada', roles: 'admin', cognitoIdentity: { amr: 'unauthenticated' } },
    }],
    ['IAM', { iam: { sub: 'ada', roles: 'admin', cognitoIdentity: null } }],
  ])('of a user of %s who is not anonymous is the one of the claim', (_, authorizer) => {
    expect(user(authorizer).role).toBe('admin');
  });

  test('with equal numbers of operations is the first name', () => {
    const equal = { ...configuration, roles: { b: 'viewer', a: 'viewer' } as const };
    expect(user({ lambda: { sub: 'ada', roles: ['b', 'a'] } }, equal).role).toBe('a');
  });
});

test('10,000 generated claims give no role that is not a whole claim', () => {
  const word = fc.constantFrom('admin', 'chat', 'viewer', 'x', 'chat admin', '[admin]', ' ', '');
  fc.assert(fc.property(fc.array(word, { maxLength: 4 }), (groups) => {
    // API Gateway joins an array with blanks.
    const { role } = withClaims({ roles: `[${groups.join(' ')}]` });
    // Every array with another number of members can be another array with the same text.
    expect(role).toBe(/^(admin|chat)$/.test(groups.join(' ')) ? groups[0] : 'viewer');
  }), { numRuns: 10_000 });
});

describe('the user ID', () => {
  test.each<[string, Authorizer]>([
    ['no authorizer', undefined],
    ['an empty authorizer', {}],
    ['no claims', { jwt: {} }],
    ['a Lambda authorizer without a context', { lambda: null }],
    ['no user ID', { jwt: { claims: { email: 'ada' } } }],
    ['an empty user ID', { jwt: { claims: { sub: '' } } }],
    ['blanks', { jwt: { claims: { sub: '  ' } } }],
    ['an array as the user ID', { jwt: { claims: { sub: '[a b]' } } }],
    ['an array with a line separator as the user ID', { jwt: { claims: { sub: '[a\u2028b]' } } }],
    ['a number as the user ID', { lambda: { sub: 5 } }],
    ['a control character', { lambda: { sub: 'a\nb' } }],
    ['half of a surrogate pair', { lambda: { sub: 'a\ud800' } }],
    ['129 characters', { lambda: { sub: 'a'.repeat(129) } }],
    ['a refresh token', { jwt: { claims: { sub: 'ada', token_use: 'refresh' } } }],
    ['a token of a user pool without token_use', {
      jwt: { claims: { sub: 'ada', iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a' } },
    }],
  ])('is refused for %s', (_, authorizer) => {
    expect(catchError(() => user(authorizer))).toEqual(refused);
  });

  test.each(['access', 'id'])('is accepted from an %s token of a user pool', (tokenUse) => {
    const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a';
    expect(withClaims({ token_use: tokenUse, iss }).id).toBe('ada');
  });

  test('can have 128 characters, which are Unicode code points', () => {
    const sub = '😀'.repeat(128);
    expect(user({ lambda: { sub } }).id).toBe(sub);
    expect(catchError(() => user({ lambda: { sub: `${sub}a` } }))).toEqual(refused);
  });

  test('can be a member of an IAM identity or of an identity pool', () => {
    const iam = { userArn: 'arn:aws:iam::1:user/ada', cognitoIdentity: { identityId: 'eu-west-1:1' } };
    const by = (userId: string) => user({ iam }, { ...configuration, claims: { userId } }).id;
    expect([by('userArn'), by('cognitoIdentity.identityId')]).toEqual(['arn:aws:iam::1:user/ada', 'eu-west-1:1']);
  });

  test('never comes from the request', () => {
    const event = {
      routeKey: '',
      headers: { 'sub': 'eve', 'x-user-id': 'eve' },
      queryStringParameters: { sub: 'eve', userId: 'eve' },
      body: '{"sub":"eve","userId":"eve"}',
      requestContext: { authorizer: { jwt: { claims: { sub: 'ada' } } } },
    };
    expect(userOf(event, configuration).id).toBe('ada');
  });
});

describe('the display name', () => {
  test.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['  Ada \n\t Lovelace ', 'Ada Lovelace'],
    ['Ada\u202egnp.exe', 'Ada gnp.exe'],
    ['\u2066Ada\u2069', 'Ada'],
    ['A\u061cd\u200ea\u200f!', 'A d a !'],
    ['A\u202ad\u202ba\u202c!\u202d', 'A d a !'],
    ['A\u2067d\u2068a', 'A d a'],
    ['A\u2028d\u2029a', 'A d a'],
    ['👩‍🚀', '👩‍🚀'],
    ['\u0000', undefined],
    ['', undefined],
    [5, undefined],
    ['é'.repeat(200), 'é'.repeat(128)],
    [`${'é'.repeat(127)}a é`, `${'é'.repeat(127)}a`],
    ['😀'.repeat(100), '😀'.repeat(64)],
  ])('for the claim %j is %j', (name, expected) => {
    expect(withClaims({ name }).displayName).toBe(expected);
  });

  test('of any text fits into the attributes of a token', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
      const { displayName = 'a' } = withClaims({ name });
      expect(Buffer.byteLength(displayName)).toBeLessThanOrEqual(256);
      expect(displayName).not.toMatch(/[\p{Cc}\p{Cs}\u202e\u2066]/u);
      expect(displayName.trim()).toBe(displayName);
    }));
  });
});
