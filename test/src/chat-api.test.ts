import { App, Aspects, CfnParameter, Duration, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnAuthorizer, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer, HttpJwtAuthorizer, HttpLambdaAuthorizer, HttpLambdaResponseType, HttpUserPoolAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { BanList, ChatApi, ChatCapability, ChatOperation, ChatRole, ChatRoom, type ChatApiProps } from '../../src';
import { ChatTokenCapability } from '../../src/contract/generated/constraints';
import { CHAT_API_OPERATIONS, chatApiPath, type ChatApiOperation } from '../../src/contract/chat-api/operations';
import { newStack, onlyResource, warningsOf } from './stack';
import { guest, moderator, viewer } from './standard-rights';

/** Adds a chat API with a room. */
function newChatApi(stack: Stack, props: Partial<ChatApiProps> = {}): ChatApi {
  const rooms = 'rooms' in props ? props.rooms! : { lobby: new ChatRoom(stack, 'Lobby') };
  return new ChatApi(stack, 'Chat', { authorizer: new HttpIamAuthorizer(), ...props, rooms });
}

/** Returns the routes by key, with their authorization. */
function routes(stack: Stack): { [key: string]: string } {
  return Object.fromEntries(Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route')).map(
    ({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType]));
}

/** Returns the configuration of the functions. References are replaced by logical IDs. */
function configuration(stack: Stack): any {
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const variables = functions.flatMap(({ Properties }) => Properties.Environment?.Variables.CHAT_API ?? []);
  const [token, moderation] = variables.map((value) =>
    (typeof value === 'string' ? value : value['Fn::Join'][1].map((part: any) => part.Ref ?? part).join('')));
  expect(token).toBe(moderation);
  return JSON.parse(token);
}

const expectedRoutes = (authorization: string) => Object.fromEntries(
  Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS).filter(([, { isPublic }]) => !isPublic)
    .map(([name, { method = 'POST' }]) => [`${method} ${chatApiPath(name)}`, authorization]));

test('each operation has a route with the authorizer, and no route is public', () => {
  const stack = newStack();
  newChatApi(stack);
  expect(routes(stack)).toEqual(expectedRoutes('AWS_IAM'));
  expect(Object.keys(routes(stack))).toEqual(expect.arrayContaining(['POST /create-chat-token', 'GET /get-policy']));
  expect(warningsOf(stack)).toEqual([]);
});

test('ChatOperation has the operations that roles can call', () => {
  const operations = Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS);
  const names = operations.filter(([, { isPublic }]) => !isPublic).map(([name]) => name);
  expect(Object.values(ChatOperation)).toEqual(names);
});

test('ChatCapability has the capabilities of the service', () => {
  expect(Object.values(ChatCapability).sort()).toEqual([...ChatTokenCapability.values!].sort());
});

test.each([
  ['a user pool', (stack: Stack) => {
    const userPool = new cognito.UserPool(stack, 'Users');
    return new HttpUserPoolAuthorizer('Users', userPool, { userPoolClients: [userPool.addClient('Page')] });
  }, 'JWT'],
  ['a JSON web token', () =>
    new HttpJwtAuthorizer('Jwt', 'https://issuer.example.com', { jwtAudience: ['chat'] }), 'JWT'],
  ['IAM', () => new HttpIamAuthorizer(), 'AWS_IAM'],
] as const)('%s authorizes the routes, and the routes of the application', (_, authorizer, type) => {
  const stack = newStack();
  const { httpApi, tokenFunction } = newChatApi(stack, { authorizer: authorizer(stack) });
  httpApi.addRoutes({
    path: '/polls', methods: [HttpMethod.POST], integration: new HttpLambdaIntegration('Polls', tokenFunction),
  });
  expect(routes(stack)).toEqual({ ...expectedRoutes(type), 'POST /polls': type });
});

test('the configuration of the functions', () => {
  const stack = newStack();
  const { banList } = newChatApi(stack);
  const id = (construct: any) => stack.getLogicalId(construct.node.defaultChild);
  expect(configuration(stack)).toEqual({
    rooms: { lobby: id(stack.node.findChild('Lobby')) },
    table: id(banList),
    roles: { viewer: 'viewer', moderator: 'moderator', host: 'host' },
    defaultRole: 'viewer',
    claims: { userId: 'sub', displayName: 'name', role: 'cognito:groups' },
    sessionDurationInMinutes: 60,
  });
});

test('the moderation function has time for the second disconnect, 62 seconds after a ban', () => {
  const stack = newStack();
  newChatApi(stack);
  const timeouts = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .filter(({ Properties }) => Properties.Environment?.Variables.CHAT_API)
    .map(({ Properties }) => Properties.Timeout);
  expect(timeouts).toEqual([10, 90]);
});

test('the properties become the configuration of the functions', () => {
  const stack = newStack();
  const vip = ChatRole.of({
    capabilities: [ChatCapability.SEND_MESSAGE],
    operations: [ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.SEND_EVENT],
  });
  const quiet = ChatRole.of({
    capabilities: [ChatCapability.SEND_MESSAGE],
    operations: ChatRole.MODERATOR.operations,
  });
  const rooms = {
    'lobby': new CfnRoom(stack, 'Lobby'),
    'stage-1': ChatRoom.fromRoomArn(stack, 'Stage', 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl'),
  };
  newChatApi(stack, {
    rooms,
    claims: { userId: 'uid', displayName: 'nick', role: 'https://example.com/roles' },
    roles: { vip, staff: ChatRole.MODERATOR, quiet, reader: ChatRole.of({}) },
    defaultRole: 'reader',
    sessionDuration: Duration.hours(3),
    requiredTerms: '2026-11',
    policy: { contact: 'help@example.com', termsUrl: 'https://example.com/terms' },
  });
  expect(configuration(stack)).toMatchObject({
    rooms: { 'stage-1': 'arn:aws:ivschat:eu-west-1:123456789012:room/abcdefghijkl' },
    roles: {
      vip: { capabilities: ['SEND_MESSAGE'], operations: ['CreateChatToken', 'SendEvent'] },
      staff: 'moderator',
      quiet: { capabilities: ['SEND_MESSAGE'], operations: ChatRole.MODERATOR.operations },
      reader: 'guest',
    },
    defaultRole: 'reader',
    claims: { userId: 'uid', displayName: 'nick', role: 'https://example.com/roles' },
    sessionDurationInMinutes: 180,
    requiredTerms: '2026-11',
    policy: { contact: 'help@example.com', termsUrl: 'https://example.com/terms' },
  });
});

test.each(['userId', 'displayName', 'role'])('the claim %s alone keeps the defaults of the others', (name) => {
  const stack = newStack();
  newChatApi(stack, { claims: { [name]: 'own' } });
  expect(configuration(stack).claims)
    .toEqual({ userId: 'sub', displayName: 'name', role: 'cognito:groups', [name]: 'own' });
});

test('functions without tracing, and no others, have the suppression of the cdk-nag rule for tracing', () => {
  const { ACTIVE, PASS_THROUGH, DISABLED } = lambda.Tracing;
  const isSuppressed = [undefined, DISABLED, PASS_THROUGH, ACTIVE].map((tracing) => {
    const stack = newStack();
    newChatApi(stack, { tracing });
    const functions = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
      .filter(([id]) => id.startsWith('Chat'));
    return functions.map(([, { Metadata }]) =>
      Metadata.cdk_nag.rules_to_suppress.some(({ id }: { id: string }) => id === 'Serverless-LambdaTracing'));
  });
  expect(isSuppressed).toEqual([[true, true], [true, true], [false, false], [false, false]]);
});

test('the order of the rooms and of the roles does not change the template', () => {
  const template = (reverse: boolean) => {
    const stack = newStack();
    const ordered = <Value>(entries: [string, Value][]) => Object.fromEntries(reverse ? entries.reverse() : entries);
    const [lobby, stage] = [new ChatRoom(stack, 'Lobby'), new ChatRoom(stack, 'Stage')];
    newChatApi(stack, {
      rooms: ordered([['lobby', lobby], ['stage', stage]]),
      roles: ordered([['staff', ChatRole.MODERATOR], ['owner', ChatRole.HOST]]),
    });
    return JSON.stringify(Template.fromStack(stack));
  };
  expect(template(true)).toBe(template(false));

  const stack = newStack();
  const room = new ChatRoom(stack, 'Lobby');
  newChatApi(stack, { rooms: { b: room, Z: room, a: room, A: room } });
  expect(Object.keys(configuration(stack).rooms)).toEqual(['A', 'Z', 'a', 'b']);
});

test('roles without a default role include the role viewer', () => {
  const stack = newStack();
  newChatApi(stack, { roles: { staff: ChatRole.MODERATOR } });
  expect(configuration(stack)).toMatchObject({
    roles: { viewer: 'viewer', staff: 'moderator' }, defaultRole: 'viewer',
  });

  const own = newStack();
  newChatApi(own, { roles: { viewer: ChatRole.GUEST } });
  expect(configuration(own).roles).toEqual({ viewer: 'guest' });
});

test('the standard roles have these rights', () => {
  const moderation = ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'];
  const { GUEST, VIEWER, MODERATOR, HOST } = ChatRole;
  expect([GUEST, VIEWER, MODERATOR, HOST]).toEqual([
    { capabilities: [], operations: guest },
    { capabilities: ['SEND_MESSAGE'], operations: viewer },
    { capabilities: moderation, operations: moderator },
    { capabilities: moderation, operations: [...moderator, 'SendEvent'] },
  ]);
});

test('errors and logs do not show what users write and who they are', () => {
  const members = Object.values<ChatApiOperation>(CHAT_API_OPERATIONS).flatMap(({ input }) =>
    Object.entries(input.members));
  const names = (isSensitive: boolean) =>
    new Set(members.filter(([, shape]) => Boolean(shape.sensitive) === isSensitive).map(([name]) => name));
  expect([...names(true)].sort()).toEqual(['attributes', 'comment', 'content', 'facts', 'ground', 'reason', 'userId']);
  expect([...names(false)].sort()).toEqual([
    'automatedDecision', 'category', 'decision', 'durationInMinutes', 'eventName', 'maxResults',
    'messageId', 'nextToken', 'reportId', 'room', 'status', 'version',
  ]);
});

test('a role has lists of its own, and can have no operations', () => {
  const operations = [ChatOperation.BAN_USER];
  const role = ChatRole.of({ operations });
  operations.pop();
  ChatRole.of({}).operations.pop();
  expect(role).toEqual({ capabilities: [], operations: ['BanUser'] });
  expect(ChatRole.of({ operations: [] }).operations).toEqual([]);
  const all = { capabilities: Object.values(ChatCapability), operations: Object.values(ChatOperation) };
  expect(ChatRole.of(all)).toEqual(all);
  expect(ChatRole.of({}).operations).toEqual(['CreateChatToken', 'GetPolicy', 'AcceptTerms']);
  const { GUEST, VIEWER, MODERATOR, HOST } = ChatRole;
  const lists = [GUEST, VIEWER, MODERATOR, HOST].flatMap((standard) => [standard.capabilities, standard.operations]);
  expect(new Set([...lists, role.capabilities]).size).toBe(9);
});

test('the URL belongs to the default stage, and the functions have their names', () => {
  const stack = newStack();
  const { url, httpApi, tokenFunction, moderationFunction } = newChatApi(stack);
  expect([tokenFunction, moderationFunction].map(({ node }) => node.path))
    .toEqual(['Stack/Chat/Token/Function', 'Stack/Chat/Moderation/Function']);
  expect(url).toBe(httpApi.url);
  expect(JSON.stringify(stack.resolve(url))).toMatch(/"https:\/\/",\{"Ref":"ChatHttpApi.*"\},"\.execute-api\..*"\/"\]/);
});

test('the name of the API is valid for a construct with a long path', () => {
  const stack = newStack();
  const rooms = { lobby: new ChatRoom(stack, 'Lobby') };
  new ChatApi(stack, 'x'.repeat(200), { rooms, authorizer: new HttpIamAuthorizer() });
  expect(onlyResource(stack, 'AWS::ApiGatewayV2::Api').Properties.Name).toMatch(/^Stack-x{113}-[0-9A-F]{8}$/);
});

test('guests can read the chat through one throttled route without an authorizer, and a warning says so', () => {
  const stack = newStack();
  newChatApi(stack, { allowGuests: true });
  expect(routes(stack)).toEqual({ ...expectedRoutes('AWS_IAM'), 'POST /create-guest-chat-token': 'NONE' });
  expect(warningsOf(stack)).toEqual([expect.stringMatching(/^visitors without a sign-in .*cdk-ivs-chat:guests\]$/)]);
  const { Properties, DependsOn } = onlyResource(stack, 'AWS::ApiGatewayV2::Stage');
  expect(Properties.RouteSettings).toEqual({
    'POST /create-guest-chat-token': { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
  });
  const route = Object.entries(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route'))
    .find(([, resource]) => resource.Properties.RouteKey === 'POST /create-guest-chat-token');
  expect(DependsOn).toContain(route![0]);
});

test('the stage is throttled and has an access log without tokens, user IDs and claims', () => {
  const stack = newStack();
  newChatApi(stack);
  const { DefaultRouteSettings, AccessLogSettings } = onlyResource(stack, 'AWS::ApiGatewayV2::Stage').Properties;
  expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 });
  const variables = AccessLogSettings.Format.match(/\$context\.[\w.]+/g);
  expect(variables).toContain('$context.status');
  expect(variables.filter((name: string) => /claims|principal|identity\.(?!sourceIp)|lambda/.test(name))).toEqual([]);

  const other = newStack();
  newChatApi(other, { throttle: { rateLimit: 5 } });
  expect(onlyResource(other, 'AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings)
    .toEqual({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 400 });

  const burst = newStack();
  newChatApi(burst, { throttle: { rateLimit: undefined, burstLimit: 7 } });
  expect(onlyResource(burst, 'AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings)
    .toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 7 });
});

test('only the pages of the given origins can call the API', () => {
  const without = newStack();
  newChatApi(without);
  expect(onlyResource(without, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toBeUndefined();

  const stack = newStack();
  const parameter = new CfnParameter(stack, 'Origin');
  newChatApi(stack, { allowOrigins: ['https://example.com', 'http://localhost:3000', parameter.valueAsString] });
  expect(onlyResource(stack, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toEqual({
    AllowOrigins: ['https://example.com', 'http://localhost:3000', { Ref: 'Origin' }],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['authorization', 'content-type'],
    MaxAge: 3600,
  });
});

test('two chat APIs can share a ban list, and the ban list of another stack can be imported', () => {
  const stack = newStack();
  const banList = new BanList(stack, 'BanList');
  for (const id of ['One', 'Two']) {
    const rooms = { lobby: new ChatRoom(stack, `${id}Lobby`) };
    new ChatApi(stack, id, { rooms, authorizer: new HttpIamAuthorizer(), banList });
  }
  expect(onlyResource(stack, 'AWS::DynamoDB::Table')).toBeDefined();

  const other = newStack();
  newChatApi(other, { banList: BanList.fromTableName(other, 'BanList', 'bans') });
  expect(configuration(other).table).toBe('bans');
  expect(Template.fromStack(other).findResources('AWS::DynamoDB::Table')).toEqual({});
});

test('logs are kept for a month, or as long as logRetention says, and can be encrypted', () => {
  const stack = newStack();
  const logEncryptionKey = new kms.Key(stack, 'Key');
  newChatApi(stack, { logRetention: logs.RetentionDays.ONE_YEAR, logEncryptionKey, tracing: lambda.Tracing.ACTIVE });
  const groups = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'))
    .filter(([id]) => id.startsWith('Chat'));
  expect(groups).toHaveLength(3);
  for (const [, { Properties }] of groups) {
    expect(Properties).toEqual({ RetentionInDays: 365, KmsKeyId: stack.resolve(logEncryptionKey.keyArn) });
  }
  const isTraced = { TracingConfig: { Mode: 'Active' } };
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::Lambda::Function', isTraced, 2);
});

describe('a Lambda authorizer that is cached', () => {
  const warnings = (options: object) => {
    const stack = newStack();
    const handler = new lambda.Function(stack, 'Authorizer', {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
    });
    const responseTypes = [HttpLambdaResponseType.SIMPLE];
    newChatApi(stack, { authorizer: new HttpLambdaAuthorizer('Lambda', handler, { responseTypes, ...options }) });
    return warningsOf(stack);
  };

  test('results in a warning, because one decision applies to all routes', () => {
    expect(warnings({})).toEqual([expect.stringContaining('[ack: cdk-ivs-chat:cachedAuthorization]')]);
  });

  test('results in a warning without a time to live, because the default of API Gateway can change', () => {
    const stack = newStack();
    newChatApi(stack, {
      authorizer: new HttpLambdaAuthorizer('Lambda', new lambda.Function(stack, 'Authorizer', {
        runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'),
      }), { responseTypes: [HttpLambdaResponseType.SIMPLE] }),
    });
    const isAuthorizer = (construct: unknown) => construct instanceof CfnAuthorizer;
    const authorizer = stack.node.findAll().find(isAuthorizer) as CfnAuthorizer;
    authorizer.authorizerResultTtlInSeconds = undefined;
    expect(warningsOf(stack)).toEqual([expect.stringContaining('[ack: cdk-ivs-chat:cachedAuthorization]')]);
  });

  test('results in no warning if its key contains the route, or if nothing is cached', () => {
    const identitySource = ['$request.header.Authorization', '$context.routeKey'];
    expect(warnings({ identitySource })).toEqual([]);
    expect(warnings({ identitySource: ['$context.identity.sourceIp'] })).toHaveLength(1);
    expect(warnings({ resultsCacheTtl: Duration.seconds(0) })).toEqual([]);
  });

  test('results in a warning if only a route of the application has it', () => {
    const stack = newStack();
    const { httpApi, tokenFunction } = newChatApi(stack, {
      authorizer: new HttpJwtAuthorizer('Jwt', 'https://issuer.example.com', { jwtAudience: ['chat'] }),
    });
    httpApi.addRoutes({
      path: '/polls',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Polls', tokenFunction),
      authorizer: new HttpLambdaAuthorizer('Lambda', tokenFunction, { responseTypes: [HttpLambdaResponseType.SIMPLE] }),
    });
    expect(warningsOf(stack)).toEqual([expect.stringContaining('[ack: cdk-ivs-chat:cachedAuthorization]')]);
  });
});

test('a claim that is a custom attribute of a user pool results in a warning', () => {
  const stack = newStack();
  newChatApi(stack, { claims: { role: 'custom:role', userId: 'custom:id', displayName: 'custom:nick' } });
  expect(warningsOf(stack)).toEqual([
    expect.stringMatching(/^`claims.userId` is "custom:id".*customClaim\]$/),
    expect.stringMatching(/^`claims.role` is "custom:role".*customClaim\]$/),
  ]);

  const other = newStack();
  newChatApi(other, { claims: { role: 'customers', userId: 'https://example.com/custom:id', displayName: 'email' } });
  expect(warningsOf(other)).toEqual([]);
});

/** The attributes of OpenID Connect that a user pool lets its users write. */
test.each([
  'address', 'birthdate', 'email', 'family_name', 'gender', 'given_name', 'locale', 'middle_name', 'name', 'nickname',
  'phone_number', 'picture', 'preferred_username', 'profile', 'website', 'zoneinfo',
])('the attribute %s of a user pool cannot be the role or the user ID', (claim) => {
  for (const name of ['role', 'userId']) {
    expect(() => newChatApi(newStack(), { claims: { [name]: claim } })).toThrow(`\`claims.${name}\` must be a claim`);
  }
});

test.each([
  'sub', 'email_verified', 'cognito:username', 'username', 'names',
])('the claim %s can be the role and the user ID', (claim) => {
  expect(() => newChatApi(newStack(), { claims: { role: claim, userId: claim } })).not.toThrow();
});

test.each<[string, (stack: Stack) => any, string]>([
  ['no properties', () => undefined, '`props` must be an object with properties, got undefined'],
  ['no rooms', () => ({ rooms: undefined }),
    '`rooms` must be an object with properties, got undefined; pass `{ lobby: room }`'],
  ['a list of rooms', (stack) => ({ rooms: [new ChatRoom(stack, 'Lobby')] }),
    '`rooms` must be an object with properties, got a list'],
  ['an empty map of rooms', () => ({ rooms: {} }), '`rooms` must have between 1 and 25 rooms, got 0 (at Stack/Chat)'],
  ['26 rooms', (stack) => ({
    rooms: Object.fromEntries(
      Array.from({ length: 26 }, (_, index) => [`r${index}`, new ChatRoom(stack, `R${index}`)])),
  }), '`rooms` must have between 1 and 25 rooms, got 26 (at Stack/Chat)'],
  ['an ARN as a room', () => ({ rooms: { lobby: 'arn' } }), '`rooms.lobby` must be a room, got "arn"'],
  ['an ARN as the second room', (stack) => ({ rooms: { lobby: new CfnRoom(stack, 'Lobby'), stage: 'arn' } }),
    '`rooms.stage` must be a room, got "arn"'],
  ['a key with a blank', (stack) => ({ rooms: { 'the lobby': new ChatRoom(stack, 'Lobby') } }),
    '`key of `rooms`` must contain only letters, digits, hyphens and underscores, got "the lobby"'],
  ['no authorizer', () => ({ authorizer: undefined }),
    '`authorizer` must be an authorizer of an HTTP API, got undefined'],
  ['a user pool as the authorizer', (stack) => ({ authorizer: new cognito.UserPool(stack, 'Users') }),
    '`authorizer` must be an authorizer of an HTTP API, got the UserPool Stack/Users; pass an'
    + ' `HttpUserPoolAuthorizer`, an `HttpJwtAuthorizer`, an `HttpLambdaAuthorizer` or an `HttpIamAuthorizer`'],
  ['a misspelt property', () => ({ allowOrigin: [] }), '`allowOrigin` is not a property; did you mean `allowOrigins`?'],
  ['a misspelt claim', () => ({ claims: { userID: 'sub' } }), '`userID` is not a property; did you mean `userId`?'],
  ['a claim of 257 characters', () => ({ claims: { displayName: 'x'.repeat(257) } }),
    '`displayName` must be between 1 and 256 characters, got 257'],
  ['a role from a claim that users can change', () => ({ claims: { role: 'profile' } }),
    '`claims.role` must be a claim that users cannot change, got "profile"; use `cognito:groups` or a claim of your'
    + ' identity provider (at Stack/Chat)'],
  ['an e-mail address as the user ID', () => ({ claims: { userId: 'email' } }),
    '`claims.userId` must be a claim that users cannot change, got "email"; use `sub` or a claim of your identity'
    + ' provider (at Stack/Chat)'],
  ['a role with a blank in its name', () => ({ roles: { 'chat admin': ChatRole.HOST } }),
    '`name in `roles`` must contain no blanks, brackets and commas, got "chat admin"'],
  ['a role with brackets in its name', () => ({ roles: { '[admin]': ChatRole.HOST } }),
    'must contain no blanks, brackets'],
  ['a list of capabilities as a role', () => ({ roles: { vip: ['SEND_MESSAGE'] } }),
    '`roles.vip` must be a role, got a list; pass `ChatRole.MODERATOR` or `ChatRole.of(options)`'],
  ['text as the second role', () => ({ roles: { vip: ChatRole.HOST, staff: 'host' } }),
    '`roles.staff` must be a role, got "host"'],
  ['a default role that does not exist', () => ({ defaultRole: 'member' }),
    '`defaultRole` must be one of the names in `roles` (viewer, moderator, host), got "member"'],
  ['a default role with the name of a member of each object', () => ({ defaultRole: 'constructor' }),
    '`defaultRole` must be one of the names in `roles` (viewer, moderator, host), got "constructor"'],
  ['a wildcard origin', () => ({ allowOrigins: ['*'] }),
    '`allowOrigins[0]` must be an origin such as "https://example.com"'],
  ['an origin with a wildcard', () => ({ allowOrigins: ['https://*.example.com'] }),
    '`allowOrigins[0]` must be an origin such as "https://example.com", without a path and without wildcards,'
    + ' got "https://*.example.com" (at Stack/Chat)'],
  ['an origin with a path', () => ({ allowOrigins: ['https://example.com', 'https://example.com/chat'] }),
    '`allowOrigins[1]` must be an origin'],
  ['an origin with a path after an origin that is not known yet', (stack) => ({
    allowOrigins: [new CfnParameter(stack, 'Origin').valueAsString, 'https://example.com/chat'],
  }), '`allowOrigins[1]` must be an origin'],
  ['an origin of another protocol', () => ({ allowOrigins: ['ftp://example.com'] }), '`allowOrigins[0]` must be an'],
  ['an origin in capitals', () => ({ allowOrigins: ['https://EXAMPLE.com'] }), '`allowOrigins[0]` must be an origin'],
  ['an origin with a slash', () => ({ allowOrigins: ['https://example.com/'] }), '`allowOrigins[0]` must be an origin'],
  ['a session of four hours', () => ({ sessionDuration: Duration.hours(4) }),
    '`sessionDuration.toMinutes()` must be between 1 and 180, got 240'],
  ['a session of 90 seconds', () => ({ sessionDuration: Duration.seconds(90) }),
    '`sessionDuration.toMinutes()` must be an integer, got 1.5'],
  ['a number as the session duration', () => ({ sessionDuration: 60 }),
    '`sessionDuration` must be a duration, got 60; pass `Duration.minutes(60)`'],
  ['an origin instead of a list', () => ({ allowOrigins: 'https://example.com' }),
    '`allowOrigins` must be a list, got "https://example.com"; pass `[\'https://example.com\']`'],
  ['a table as the ban list', () => ({ banList: 'bans' }),
    '`banList` must be a ban list, got "bans"; pass a `BanList` or `BanList.fromTableName(scope, id, tableName)`'],
  ['a number as the contact', () => ({ policy: { contact: 5 } }), '`contact` must be a string, got 5'],
  ['a policy without a contact', () => ({ policy: {} }), '`policy.contact` must be a string'],
])('%s: an error tells how to correct it', (_, props, message) => {
  const stack = newStack();
  const given = props(stack);
  const inner = new Stack(stack, 'Inner');
  const create = () => (given ? newChatApi(inner, given) : new ChatApi(inner, 'Chat', given));
  const start = message.replace(' (at Stack/Chat)', '').replace(/[^\w\s]/g, '\\$&');
  expect(create).toThrow(new RegExp(`${start}.* \\(at Stack/Inner/Chat\\)$`));
});

test.each<[string, any, string]>([
  ['an unknown capability', { capabilities: ['READ'] }, '`capabilities[0]` must be one of SEND_MESSAGE,'],
  ['an unknown operation', { operations: ['Ban'] }, '`operations[0]` must be one of CreateChatToken,'],
  ['a misspelt option', { capability: [] }, '`capability` is not a property; did you mean `capabilities`?'],
])('a role with %s: an error tells how to correct it', (_, options, message) => {
  expect(() => ChatRole.of(options)).toThrow(message);
});

test('a configuration that is too large for the environment of a function is an error', () => {
  const stack = newStack();
  const operations = Object.values(ChatOperation);
  const roles = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`role${index}`, ChatRole.of({ operations })]));
  expect(() => newChatApi(stack, { roles })).toThrow(
    new RegExp('^`rooms`, `roles` and `policy` must be at most 3800 bytes as JSON together, got \\d+;'
      + ' shorten the keys, or use two chat APIs with the same `banList` \\(at Stack/Chat\\)$'));
});

test('the size of the configuration has an exact limit in bytes', () => {
  const operations = Object.values(ChatOperation);
  const create = (termsUrl: string, region = 'ap-northeast-1') => {
    const stack = newStack();
    const roomArn = `arn:aws:ivschat:${region}:123456789012:room/abcdefghijkl`;
    newChatApi(stack, {
      rooms: { lobby: ChatRoom.fromRoomArn(stack, 'Lobby', roomArn) },
      roles: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`role${index}`, ChatRole.of({ operations })])),
      banList: BanList.fromTableName(stack, 'BanList', 'bans'),
      policy: { contact: 'x'.repeat(200), termsUrl },
    });
    return JSON.stringify(configuration(stack));
  };
  // The letter has two bytes.
  const url = (bytes: number) => 'é' + 'x'.repeat(bytes - 2);
  const length = 3800 - Buffer.byteLength(create(url(2))) + 2;
  expect(Buffer.byteLength(create(url(length)))).toBe(3800);
  expect(() => create(url(length + 1))).toThrow('must be at most 3800 bytes as JSON together, got 3801;');
  // A shorter ARN has the same space, because the ARN of a new room is not known yet.
  expect(() => create(url(length + 1), 'us-east-1')).toThrow('got 3801;');
});

test('a property injector changes the properties', () => {
  const stack = newStack();
  PropertyInjectors.of(stack).add({
    constructUniqueId: ChatApi.PROPERTY_INJECTION_ID,
    inject: (props) => ({ sessionDuration: Duration.minutes(5), ...props }),
  });
  newChatApi(stack);
  expect(configuration(stack).sessionDurationInMinutes).toBe(5);
});

test.each([['without guests', false], ['with guests', true]])('cdk-nag has no finding %s', (_, allowGuests) => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  newChatApi(stack, { allowGuests, allowOrigins: ['https://example.com'] });
  Aspects.of(app).add(new AwsSolutionsChecks());
  Aspects.of(app).add(new ServerlessChecks());
  const annotations = Annotations.fromStack(stack);
  const findings = [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())];
  const texts = findings.map(({ id, entry }) => `${id}: ${entry.data}`);
  expect(texts.filter((text) => !text.includes('cdk-ivs-chat:'))).toEqual([]);
});
