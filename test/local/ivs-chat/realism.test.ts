import * as sdk from '@aws-sdk/client-ivschat';
import { failure, Fixture, type TestConnection } from './fixture';
import { VirtualClock } from '../../../local/clock';
import { newId } from '../../../local/ivs-chat/ids';
import type { LocalIvsChatOptions } from '../../../local/ivs-chat/local-ivs-chat';
import type { FunctionPolicy } from '../../../local/ivs-chat/control-plane/message-review-permission';
import { serviceQuotas } from '../../../local/ivs-chat/quotas';

const clock = new VirtualClock();
let fixture: Fixture;
afterEach(() => fixture.end());

const start = async (options: LocalIvsChatOptions) => (fixture = await Fixture.start({ clock, ...options })).client;
const s3 = { s3: { bucketName: 'logs' } };
const FUNCTION = 'arn:aws:lambda:us-west-2:123456789012:function:review';

describe('eventual consistency', () => {
  test('readers see a change after the delay, and writers see it immediately', async () => {
    const client = await start({ readDelayMilliseconds: 1000 });
    const arn = await fixture.createRoom({ name: 'before' });
    const get = () => client.send(new sdk.GetRoomCommand({ identifier: arn }));
    const names = async () => (await client.send(new sdk.ListRoomsCommand({}))).rooms!.map(({ name }) => name);
    expect(await failure(get())).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await names()).toEqual([]);
    clock.advance(1000);
    expect(await get()).toMatchObject({ name: 'before' });
    await client.send(new sdk.UpdateRoomCommand({ identifier: arn, name: 'between' }));
    clock.advance(600);
    await client.send(new sdk.UpdateRoomCommand({ identifier: arn, name: 'after' }));
    expect([(await get()).name, await names()]).toEqual(['before', ['before']]);
    clock.advance(400);
    expect((await get()).name).toBe('between');
    clock.advance(600);
    expect((await get()).name).toBe('after');
    await client.send(new sdk.DeleteRoomCommand({ identifier: arn }));
    expect((await get()).name).toBe('after');
    clock.advance(1000);
    expect(await failure(get())).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await names()).toEqual([]);
  });

  test('also delays logging configurations and tags, but not connections', async () => {
    const client = await start({ readDelayMilliseconds: 1000 });
    const { call } = fixture.chat;
    const settings = { destinationConfiguration: s3, tags: { a: '1' } };
    const { arn: logging } = await call('CreateLoggingConfiguration', settings);
    const reads = [
      () => call('GetLoggingConfiguration', { identifier: logging }),
      () => call('ListTagsForResource', { resourceArn: logging }),
      () => call('ListRooms', { loggingConfigurationIdentifier: logging }),
    ];
    for (const read of reads) await expect(read()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await call('ListLoggingConfigurations')).toEqual({ loggingConfigurations: [] });
    const room = await fixture.createRoom({ loggingConfigurationIdentifiers: [logging] });
    await fixture.connect(room, 'u');
    clock.advance(1000);
    for (const read of reads) await read();
    await client.send(new sdk.TagResourceCommand({ resourceArn: logging, tags: { a: '2' } }));
    expect(await reads[1]!()).toEqual({ tags: { a: '1' } });
    clock.advance(1000);
    expect(await reads[1]!()).toEqual({ tags: { a: '2' } });
  });
});

describe('states of logging configurations', () => {
  test('CREATING, UPDATING and DELETING last for the configured time and prevent other changes', async () => {
    const client = await start({ transitionMilliseconds: 5000, quotas: { loggingConfigurations: 1 } });
    const { arn: identifier, state } = await client.send(
      new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }),
    );
    const get = async () => (await client.send(new sdk.GetLoggingConfigurationCommand({ identifier }))).state;
    const update = () => client.send(new sdk.UpdateLoggingConfigurationCommand({ identifier, name: 'x' }));
    const remove = () => client.send(new sdk.DeleteLoggingConfigurationCommand({ identifier }));
    expect([state, await get()]).toEqual(['ACTIVE', 'CREATING']);
    const conflict = (now: string) => ({
      name: 'ConflictException',
      message: `The logging configuration is ${now}. Try again when it is ACTIVE.`,
      resourceId: identifier!.slice(-12),
      resourceType: 'LOGGING_CONFIGURATION',
      $metadata: { httpStatusCode: 409 },
    });
    expect(await failure(update())).toMatchObject(conflict('CREATING'));
    expect(await failure(remove())).toMatchObject(conflict('CREATING'));
    const nobody = fixture.chat.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', () => false);
    const denied = fixture.clientOf({ ...nobody }).send(new sdk.DeleteLoggingConfigurationCommand({ identifier }));
    expect(await failure(denied)).toMatchObject({ name: 'AccessDeniedException' });
    clock.advance(4999);
    expect(await get()).toBe('CREATING');
    clock.advance(1);
    expect(await get()).toBe('ACTIVE');
    const room = await fixture.createRoom({ loggingConfigurationIdentifiers: [identifier!] });
    expect((await update()).state).toBe('ACTIVE');
    expect(await get()).toBe('UPDATING');
    expect(await failure(remove())).toMatchObject(conflict('UPDATING')); // The room also uses it.
    await client.send(new sdk.DeleteRoomCommand({ identifier: room }));
    clock.advance(5000);
    await remove();
    expect(await get()).toBe('DELETING');
    expect((await client.send(new sdk.ListLoggingConfigurationsCommand({}))).loggingConfigurations).toMatchObject([
      { state: 'DELETING' },
    ]);
    expect(await failure(update())).toMatchObject(conflict('DELETING'));
    expect(
      await failure(client.send(new sdk.CreateRoomCommand({ loggingConfigurationIdentifiers: [identifier!] }))),
    ).toMatchObject({ name: 'ResourceNotFoundException' });
    clock.advance(5000);
    expect((await fixture.state()).loggingConfigurations).toMatchObject([{ arn: identifier, state: 'DELETING' }]);
    const { arn: next } = await fixture.chat.call('CreateLoggingConfiguration', { destinationConfiguration: s3 });
    expect((await client.send(new sdk.ListLoggingConfigurationsCommand({}))).loggingConfigurations).toMatchObject([
      { arn: next, state: 'CREATING' },
    ]);
    expect(await failure(update())).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await failure(get())).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each([
    ['GetLoggingConfiguration', {}, 'identifier'],
    ['UpdateLoggingConfiguration', { name: 'x' }, 'identifier'],
    ['DeleteLoggingConfiguration', {}, 'identifier'],
    ['CreateRoom', {}, 'loggingConfigurationIdentifiers'],
    ['ListRooms', {}, 'loggingConfigurationIdentifier'],
    ['ListTagsForResource', {}, 'resourceArn'],
    ['TagResource', { tags: { a: '1' } }, 'resourceArn'],
    ['UntagResource', { tagKeys: ['a'] }, 'resourceArn'],
  ])('%s does not find a logging configuration after its deletion has completed', async (name, input, member) => {
    await start({ transitionMilliseconds: 5000 });
    const { arn } = await fixture.chat.call('CreateLoggingConfiguration', { destinationConfiguration: s3 });
    clock.advance(5000);
    await fixture.chat.call('DeleteLoggingConfiguration', { identifier: arn });
    clock.advance(5000);
    const call = fixture.chat.call(name, { ...input, [member]: member.endsWith('s') ? [arn] : arn });
    expect(await failure(call)).toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
  });
});

describe('message review handlers', () => {
  const policy = (over: object = {}, condition: object = {}): FunctionPolicy => ({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ivschat.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Condition: {
          StringEquals: { 'AWS:SourceAccount': '123456789012' },
          ArnLike: { 'AWS:SourceArn': 'arn:aws:ivschat:us-west-2:123456789012:room/*' },
          ...condition,
        },
        ...over,
      },
    ],
  });
  const deny = (statement: FunctionPolicy) => ({
    Statement: [...statement.Statement, { ...statement.Statement[0]!, Effect: 'Deny' }],
  });
  test.each<[string, FunctionPolicy | undefined, boolean]>([
    ['the documented policy', policy(), true],
    ['no conditions', policy({ Condition: undefined }), true],
    ['all actions', policy({ Action: ['lambda:*'] }), true],
    ['no such function', undefined, false],
    ['no statement', { Statement: [] }, false],
    ['another service', policy({ Principal: { Service: 'events.amazonaws.com' } }), false],
    ['the service of functions', policy({ Principal: { Service: 'lambda.amazonaws.com' } }), false],
    ['another action', policy({ Action: 'lambda:GetFunction' }), false],
    ['another account', policy({}, { StringEquals: { 'AWS:SourceAccount': '999999999999' } }), false],
    [
      'another room',
      policy({}, { ArnLike: { 'aws:SourceArn': 'arn:aws:ivschat:us-west-2:123456789012:room/AAAAAAAAAAAA' } }),
      false,
    ],
    ['a numeric operator', policy({}, { NumericEquals: { 'aws:SourceAccount': '123456789012' } }), true],
    ['an operator that does not exist', policy({}, { StringIs: { 'aws:SourceAccount': '123456789012' } }), false],
    ['a key that is not there', policy({}, { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), false],
    ['a key that need not be there', policy({}, { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }), true],
    ['an explicit denial', deny(policy()), false],
  ])('with %s are accepted: %s', async (_what, given, allowed) => {
    const client = await start({ functionPolicy: async () => given });
    const create = client.send(new sdk.CreateRoomCommand({ messageReviewHandler: { uri: FUNCTION } }));
    if (allowed) {
      expect((await create).messageReviewHandler).toEqual({ uri: FUNCTION, fallbackResult: 'ALLOW' });
    } else {
      expect(await failure(create)).toMatchObject({
        name: 'ValidationException',
        message: 'Request member: uri failed to satisfy the constraints: invalid lambda permission',
        reason: 'FIELD_VALIDATION_FAILED',
      });
      expect((await client.send(new sdk.ListRoomsCommand({}))).rooms).toEqual([]);
    }
  });

  test('must be functions in the account and Region of the room', async () => {
    const client = await start({});
    const identifier = await fixture.createRoom();
    for (const uri of [FUNCTION.replace('us-west-2', 'eu-west-1'), FUNCTION.replace('123456789012', '999999999999')]) {
      for (const command of [
        new sdk.CreateRoomCommand({ messageReviewHandler: { uri } }),
        new sdk.UpdateRoomCommand({ identifier, messageReviewHandler: { uri } }),
      ]) {
        expect(await failure(client.send(command as sdk.CreateRoomCommand))).toMatchObject({
          name: 'ValidationException',
          fieldList: [{
            name: 'uri', message: 'must be a function in the account 123456789012 and Region us-west-2 of the room',
          }],
        });
      }
    }
    expect((await client.send(new sdk.ListRoomsCommand({}))).rooms).toMatchObject([{ arn: identifier }]);
  });

  test('are asked for their policy only when they are associated', async () => {
    const asked: string[] = [];
    const client = await start({
      functionPolicy: (uri) => {
        asked.push(uri);
        return policy();
      },
    });
    const identifier = await fixture.createRoom();
    expect(asked).toEqual([]);
    await client.send(new sdk.UpdateRoomCommand({ identifier, messageReviewHandler: { uri: FUNCTION } }));
    expect(asked).toEqual([FUNCTION]);
    await client.send(new sdk.UpdateRoomCommand({ identifier, messageReviewHandler: { fallbackResult: 'DENY' } }));
    await client.send(new sdk.UpdateRoomCommand({ identifier, name: 'x' }));
    await client.send(new sdk.UpdateRoomCommand({ identifier, messageReviewHandler: { uri: '' } }));
    expect(asked).toEqual([FUNCTION]);
  });

  test('do not bring back a room that is deleted while the policy is read', async () => {
    let identifier = '';
    const client = await start({
      functionPolicy: async () => {
        await fixture.chat.call('DeleteRoom', { identifier });
        return policy();
      },
    });
    identifier = await fixture.createRoom();
    const update = client.send(new sdk.UpdateRoomCommand({ identifier, messageReviewHandler: { uri: FUNCTION } }));
    expect(await failure(update)).toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await client.send(new sdk.ListRoomsCommand({}))).rooms).toEqual([]);
  });

  test('do not undo a change of the room that happens while the policy is read', async () => {
    let identifier = '';
    const client = await start({
      functionPolicy: async () => {
        await client.send(new sdk.TagResourceCommand({ resourceArn: identifier, tags: { stage: 'test' } }));
        await client.send(new sdk.UpdateRoomCommand({ identifier, name: 'renamed', maximumMessageLength: 7 }));
        return policy();
      },
    });
    identifier = await fixture.createRoom({ name: 'lobby' });
    const messageReviewHandler = { uri: FUNCTION, fallbackResult: 'ALLOW' } as const;
    const changed = { name: 'renamed', maximumMessageLength: 7, tags: { stage: 'test' }, messageReviewHandler };
    const update = new sdk.UpdateRoomCommand({ identifier, messageReviewHandler: { uri: FUNCTION } });
    expect(await client.send(update)).toMatchObject(changed);
    expect(await client.send(new sdk.GetRoomCommand({ identifier }))).toMatchObject(changed);
  });

  test('with a policy that cannot be read are an internal error, and the error is printed', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const problem = new Error('secret detail');
    const client = await start({ functionPolicy: () => Promise.reject(problem) });
    const create = client.send(new sdk.CreateRoomCommand({ messageReviewHandler: { uri: FUNCTION } }));
    expect(await failure(create)).toMatchObject({
      name: 'InternalServerException',
      message: 'An unexpected error occurred',
      $metadata: { httpStatusCode: 500 },
    });
    expect(printed.mock.calls).toEqual([['Local IVS Chat: unexpected error:', problem]]);
    printed.mockRestore();
  });

  test('are removed by an empty uri, and kept when only the fallback result changes', async () => {
    const client = await start({});
    const arn = await fixture.createRoom({ messageReviewHandler: { uri: FUNCTION } });
    const update = (messageReviewHandler: sdk.MessageReviewHandler) =>
      client.send(new sdk.UpdateRoomCommand({ identifier: arn, messageReviewHandler }));
    expect((await update({ fallbackResult: 'DENY' })).messageReviewHandler).toEqual({
      uri: FUNCTION,
      fallbackResult: 'DENY',
    });
    expect((await client.send(new sdk.ListRoomsCommand({ messageReviewHandlerUri: FUNCTION }))).rooms).toHaveLength(1);
    expect((await update({ uri: '' })).messageReviewHandler).toBeUndefined();
    expect((await client.send(new sdk.ListRoomsCommand({ messageReviewHandlerUri: FUNCTION }))).rooms).toHaveLength(0);
  });
});

describe('quotas', () => {
  test('apply to rooms, logging configurations and connections', async () => {
    const client = await start({ quotas: { rooms: 2, loggingConfigurations: 1, concurrentConnections: 1 } });
    const arn = await fixture.createRoom();
    await fixture.createRoom();
    const elsewhere = fixture.clientOf(fixture.chat.identities.administrator, { region: 'eu-central-1' });
    await elsewhere.send(new sdk.CreateRoomCommand({})); // has its own quota
    const exceeded = (what: string, limit: number, resourceType: string) => ({
      name: 'ServiceQuotaExceededException',
      message: `The account has reached its quota of ${limit} ${what}`,
      limit,
      resourceId: expect.stringMatching(/^\w{12}$/),
      resourceType,
      $metadata: { httpStatusCode: 402 },
    });
    expect(await failure(fixture.createRoom())).toMatchObject(exceeded('rooms', 2, 'ROOM'));
    const missing = arn.replace(/room.*/, 'logging-configuration/AAAAAAAAAAAA');
    expect(await failure(fixture.createRoom({ loggingConfigurationIdentifiers: [missing] }))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const createLogging = () =>
      client.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }));
    await createLogging();
    await elsewhere.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }));
    expect(await failure(createLogging())).toMatchObject(
      exceeded('logging configurations', 1, 'LOGGING_CONFIGURATION'),
    );
    const connection = await fixture.connect(arn, 'u');
    const token = await fixture.token(arn, 'u');
    expect(await fixture.open(token)).toBe(429);
    expect(await fixture.open()).toBe(401);
    expect((await fixture.state()).requests[1]).toMatchObject({
      operation: 'CONNECT', status: 429, error: 'The account has reached its quota of 1 connections',
    });
    connection.socket.close();
    await connection.closed;
    expect(await fixture.open(token)).toHaveProperty('socket'); // The refusal did not use it.
    await client.send(new sdk.DeleteRoomCommand({ identifier: arn }));
    await fixture.createRoom();
  });

  test('apply to the request rate of each operation if enabled', async () => {
    const client = await start({ quotas: serviceQuotas });
    const rooms = await Promise.all(
      [...Array(6)].map(() =>
        client.send(new sdk.ListRoomsCommand({})).then(
          () => 'fine',
          (error) => error,
        ),
      ),
    );
    expect(rooms.filter((answer) => answer === 'fine')).toHaveLength(5);
    expect(rooms.find((answer) => answer !== 'fine')).toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      limit: 5,
      resourceId: '',
      resourceType: 'ROOM',
      $metadata: { httpStatusCode: 429 },
    });
    // A request that an injected fault refuses does not count.
    fixture.chat.faults.add({ kind: 'serverError', operation: 'CreateRoom', times: 1 });
    expect(await failure(fixture.createRoom())).toMatchObject({ name: 'InternalServerException' });
    for (let i = 0; i < 5; i++) await fixture.createRoom();
    const elsewhere = fixture.clientOf(fixture.chat.identities.administrator, { region: 'eu-central-1' });
    await elsewhere.send(new sdk.ListRoomsCommand({}));
    const other = fixture.chat.identities.add({
      ...fixture.chat.identities.administrator, accessKeyId: 'AKIAOTHER', accountId: '210987654321',
    });
    await fixture.clientOf(other).send(new sdk.ListRoomsCommand({}));
    clock.advance(200);
    await client.send(new sdk.ListRoomsCommand({}));
    for (let i = 0; i < 3; i++) await client.send(new sdk.ListLoggingConfigurationsCommand({}));
    expect(await failure(client.send(new sdk.ListLoggingConfigurationsCommand({})))).toMatchObject({
      name: 'ThrottlingException',
      limit: 3,
    });
  });

  test('apply to the request rate before the body is read', async () => {
    await start({ quotas: serviceQuotas, verifySignatures: false });
    const url = `${fixture.chat.controlPlane}/ListRooms`;
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await fetch(url, { method: 'POST', body: 'nonsense' })).status);
    expect(statuses).toEqual([415, 415, 415, 415, 415, 429]);
  });

  test('apply to the sum of deletions and disconnections over HTTP and connections', async () => {
    const client = await start({
      quotas: { deleteMessagePerSecond: 2, disconnectUserPerSecond: 1, sendMessagePerSecond: 1 },
    });
    const arn = await fixture.createRoom();
    const moderator = await fixture.connect(arn, 'm', ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER']);
    const remove = () => client.send(new sdk.DeleteMessageCommand({ roomIdentifier: arn, id: 'AAAAAAAAAAAA' }));
    const missing = { roomIdentifier: arn.replace(/.{12}$/, 'AAAAAAAAAAAA') };
    for (let i = 0; i < 3; i++) { // A request to a room that does not exist does not count.
      for (const command of [
        new sdk.DeleteMessageCommand({ ...missing, id: 'AAAAAAAAAAAA' }),
        new sdk.DisconnectUserCommand({ ...missing, userId: 'u' }),
      ]) {
        const error = await failure(client.send(command as sdk.DeleteMessageCommand));
        expect(error).toMatchObject({ name: 'ResourceNotFoundException' });
      }
    }
    await remove();
    await moderator.next();
    expect(await moderator.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAAA' })).toMatchObject({ Type: 'EVENT' });
    expect(await moderator.ask({ Action: 'DELETE_MESSAGE', Id: 'AAAAAAAAAAAA' })).toMatchObject({ ErrorCode: 429 });
    const throttled = (operation: string, limit: number) => ({
      name: 'ThrottlingException',
      message: `More than ${limit} ${operation} per second in all rooms`,
      limit,
      resourceId: arn.slice(-12),
      resourceType: 'ROOM',
      $metadata: { httpStatusCode: 429 },
    });
    expect(await failure(remove())).toMatchObject(throttled('DeleteMessage', 2));
    expect(await moderator.ask({ Action: 'DISCONNECT_USER', UserId: 'u' })).toMatchObject({ Type: 'EVENT' });
    expect(
      await failure(client.send(new sdk.DisconnectUserCommand({ roomIdentifier: arn, userId: 'u' }))),
    ).toMatchObject(throttled('DisconnectUser', 1));
    expect(await moderator.ask({ Action: 'DISCONNECT_USER', UserId: 'u' })).toMatchObject({ ErrorCode: 429 });
    expect(await moderator.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({ Type: 'MESSAGE' });
    // Another room also counts.
    const other = await fixture.createRoom({ maximumMessageRatePerSecond: 1 });
    const sender = await fixture.connect(other, 's', ['SEND_MESSAGE']);
    for (let i = 0; i < 2; i++) {
      expect(await sender.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).toMatchObject({
        ErrorCode: 429, ErrorMessage: 'rate limit exceeded',
      });
    }
    const errors = (await fixture.state()).requests.filter(({ operation }) => /^[A-Z_]+$/.test(operation))
      .map(({ error }) => error).filter(Boolean);
    expect(errors).toEqual([
      'More than 1 SendMessage per second in all rooms',
      'More than 1 SendMessage per second in all rooms',
      'More than 1 DisconnectUser per second in all rooms',
      'More than 2 DeleteMessage per second in all rooms',
    ]);
  });
});

describe('the clock', () => {
  test('determines the validity of signatures and the Date header, so that SDKs can correct their clock', async () => {
    const skewed = new VirtualClock(Date.now() + 3_600_000);
    const client = await start({ clock: skewed });
    expect(await failure(client.send(new sdk.ListRoomsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature expired/),
    });
    const corrected = fixture.clientOf(fixture.chat.identities.administrator, { maxAttempts: 2 });
    expect((await corrected.send(new sdk.ListRoomsCommand({}))).$metadata.attempts).toBe(2);
    const { headers } = await fetch(`${fixture.chat.controlPlane}/_local/health`);
    expect(headers.get('date')).toBe(new Date(skewed.now()).toUTCString());
  });
});

describe('the source of random bytes', () => {
  const counting = () => {
    let count = 0;
    return (size: number) => new Uint8Array(size).fill(++count);
  };
  const idOf = (count: number) => newId((size) => new Uint8Array(size).fill(count));

  test('gives the IDs, chat tokens, page tokens, names of objects and probabilities', async () => {
    const keys: string[] = [];
    await start({
      random: counting(),
      logDestinations: {
        putObject(_bucket, key) {
          keys.push(key);
        },
        putLogEvents() {},
        putRecordBatch() {},
      },
    });
    const { call, faults, flushLogs } = fixture.chat;
    const { arn: logging, id } = await call('CreateLoggingConfiguration', { destinationConfiguration: s3 });
    const room = await call('CreateRoom', { loggingConfigurationIdentifiers: [logging] });
    const user = { roomIdentifier: room.arn, userId: 'u', capabilities: ['SEND_MESSAGE'] };
    const { token } = await call('CreateChatToken', user);
    const bytes = (size: number, value: number) => Buffer.alloc(size, value).toString('base64url');
    expect([id, room.id, token]).toEqual([
      idOf(2), idOf(3), [bytes(24, 4), bytes(96, 5), bytes(24, 6)].join('.'),
    ]);
    const connection = await fixture.open(token) as TestConnection;
    expect((await connection.ask({ Action: 'SEND_MESSAGE', Content: 'x' })).Id).toBe(idOf(7));
    expect((await connection.ask({ Action: 'PING' })).Id).toBe(idOf(8));
    expect((await call('SendEvent', { roomIdentifier: room.arn, eventName: 'e' })).id).toBe(idOf(9));
    await flushLogs();
    expect(keys).toEqual([expect.stringMatching(/_0a0a0a0a\.log\.gz$/)]);
    faults.add({ kind: 'serverError', operation: 'GetRoom', probability: 12 / 256 });
    const get = () => fixture.client.send(new sdk.GetRoomCommand({ identifier: room.arn }));
    expect(await failure(get())).toMatchObject({ name: 'InternalServerException' });
    await get();

    await call('CreateRoom');
    const { nextToken } = await call('ListRooms', { maxResults: 1 });
    const twin = await Fixture.start({ random: counting() });
    await twin.createRoom();
    expect((await twin.chat.call('ListRooms', { nextToken })).rooms).toHaveLength(1);
    await twin.end();
  });
});

describe('accounts and Regions', () => {
  test('have separate rooms', async () => {
    const client = await start({});
    const arn = await fixture.createRoom();
    const other = fixture.chat.identities.add({
      accessKeyId: 'AKIAOTHER',
      secretAccessKey: 'secret',
      accountId: '210987654321',
      arn: 'arn:aws:iam::210987654321:user/other',
    });
    const stranger = fixture.clientOf(other);
    const elsewhere = fixture.clientOf(fixture.chat.identities.administrator, { region: 'eu-central-1' });
    for (const outside of [stranger, elsewhere]) {
      expect((await outside.send(new sdk.ListRoomsCommand({}))).rooms).toEqual([]);
      expect((await outside.send(new sdk.CreateRoomCommand({}))).arn).toMatch(
        outside === stranger
          ? /^arn:aws:ivschat:us-west-2:210987654321:/
          : /^arn:aws:ivschat:eu-central-1:123456789012:/,
      );
    }
    expect(await failure(stranger.send(new sdk.DeleteRoomCommand({ identifier: arn })))).toBeInstanceOf(
      sdk.AccessDeniedException,
    );
    const logging = await stranger.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }));
    const foreign = { loggingConfigurationIdentifiers: [logging.arn!] };
    for (const command of [
      new sdk.CreateRoomCommand(foreign), new sdk.UpdateRoomCommand({ identifier: arn, ...foreign }),
    ]) {
      expect(await failure(client.send(command as sdk.CreateRoomCommand))).toMatchObject({
        name: 'ResourceNotFoundException',
      });
    }
    expect((await client.send(new sdk.ListRoomsCommand({}))).rooms).toHaveLength(1);
  });

  test('a client of another Region does not find an existing room or logging configuration', async () => {
    const client = await start({});
    const identifier = await fixture.createRoom();
    const { arn: logging } = await client.send(
      new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }),
    );
    const elsewhere = fixture.clientOf(fixture.chat.identities.administrator, { region: 'eu-central-1' });
    const commands = [
      new sdk.CreateRoomCommand({ loggingConfigurationIdentifiers: [logging!] }),
      new sdk.GetRoomCommand({ identifier }),
      new sdk.UpdateRoomCommand({ identifier, name: 'renamed' }),
      new sdk.DeleteRoomCommand({ identifier }),
      new sdk.CreateChatTokenCommand({ roomIdentifier: identifier, userId: 'u' }),
      new sdk.SendEventCommand({ roomIdentifier: identifier, eventName: 'e' }),
      new sdk.DeleteMessageCommand({ roomIdentifier: identifier, id: 'AAAAAAAAAAAA' }),
      new sdk.DisconnectUserCommand({ roomIdentifier: identifier, userId: 'u' }),
      new sdk.ListTagsForResourceCommand({ resourceArn: identifier }),
      new sdk.TagResourceCommand({ resourceArn: identifier, tags: { a: 'b' } }),
      new sdk.UntagResourceCommand({ resourceArn: identifier, tagKeys: ['a'] }),
      new sdk.GetLoggingConfigurationCommand({ identifier: logging }),
      new sdk.UpdateLoggingConfigurationCommand({ identifier: logging, name: 'renamed' }),
      new sdk.DeleteLoggingConfigurationCommand({ identifier: logging }),
    ];
    for (const command of commands) {
      const error = await failure(elsewhere.send(command as sdk.GetRoomCommand));
      expect([command.constructor.name, error.name]).toEqual([command.constructor.name, 'ResourceNotFoundException']);
    }
    expect((await client.send(new sdk.GetRoomCommand({ identifier }))).name).toBe('');
  });

  test('every caller is the administrator if signatures are not verified', async () => {
    await start({ verifySignatures: false });
    const anybody = fixture.clientOf({ accessKeyId: 'any', secretAccessKey: 'thing' }, { region: 'eu-west-1' });
    expect((await anybody.send(new sdk.CreateRoomCommand({}))).arn).toMatch(/^arn:aws:ivschat:eu-west-1:123456789012:/);
    const unsigned = await fetch(`${fixture.chat.controlPlane}/CreateRoom`, { method: 'POST' });
    expect(unsigned.headers.get('content-type')).toBe('application/json');
    expect((await unsigned.json() as { arn: string }).arn).toMatch(/^arn:aws:ivschat:us-west-2:123456789012:/);
  });

  test('can be chosen for the service', async () => {
    const client = await start({ region: 'xx-test-1', accountId: '210987654321' });
    const { call, region, accountId, identities } = fixture.chat;
    expect([region, accountId, identities.accountId]).toEqual(['xx-test-1', '210987654321', '210987654321']);
    const prefix = /^arn:aws:ivschat:xx-test-1:210987654321:room\//;
    expect((await client.send(new sdk.CreateRoomCommand({}))).arn).toMatch(prefix);
    expect((await call('CreateRoom')).arn).toMatch(prefix);
    expect((await fixture.firstUpdate()).parts.service).toMatchObject({ region, accountId, hasStacks: false });
    const elsewhere = fixture.clientOf(identities.administrator, { region: 'eu-central-1' });
    expect((await elsewhere.send(new sdk.CreateRoomCommand({}))).arn).toMatch(/^arn:aws:ivschat:eu-central-1:/);
  });
});
