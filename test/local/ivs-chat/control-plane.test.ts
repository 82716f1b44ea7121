import * as sdk from '@aws-sdk/client-ivschat';
import { failure, Fixture } from './fixture';
import { check } from '../../../src/contract/check';
import { sign } from 'aws4';
import { VirtualClock } from '../../../local/clock';
import * as contract from '../../../src/contract/generated/operations';

let clock: VirtualClock;
let fixture: Fixture;
let client: sdk.IvschatClient;

beforeAll(async () => {
  clock = new VirtualClock();
  fixture = await Fixture.start({ clock });
  client = fixture.client;
});
afterAll(() => fixture.end());

const room = (id: string) => `arn:aws:ivschat:us-west-2:123456789012:room/${id}`;
const s3 = { s3: { bucketName: 'logs' } };

describe('the official SDK can use', () => {
  test('the operations of rooms', async () => {
    const created = await client.send(
      new sdk.CreateRoomCommand({
        name: 'first',
        maximumMessageRatePerSecond: 100,
        maximumMessageLength: 7,
        tags: { team: 'chat' },
      }),
    );
    expect(created).toMatchObject({
      $metadata: { httpStatusCode: 200 },
      name: 'first',
      maximumMessageRatePerSecond: 100,
      maximumMessageLength: 7,
      tags: { team: 'chat' },
      loggingConfigurationIdentifiers: [],
    });
    expect(created.arn).toBe(room(created.id!));
    expect(created.createTime).toBeInstanceOf(Date);
    const { $metadata: _, ...members } = created;
    expect(await client.send(new sdk.GetRoomCommand({ identifier: created.arn }))).toMatchObject(members);

    const updated = await client.send(new sdk.UpdateRoomCommand({ identifier: created.arn, name: 'second' }));
    expect(updated).toMatchObject({ ...members, name: 'second', updateTime: expect.any(Date) });
    const listed = await client.send(new sdk.ListRoomsCommand({ name: 'second' }));
    expect(listed.rooms).toEqual([
      expect.objectContaining({ arn: created.arn, name: 'second', tags: { team: 'chat' } }),
    ]);
    expect(listed.rooms![0]).not.toHaveProperty('maximumMessageLength');

    expect((await client.send(new sdk.DeleteRoomCommand({ identifier: created.arn }))).$metadata.httpStatusCode).toBe(
      204,
    );
    expect(await failure(client.send(new sdk.GetRoomCommand({ identifier: created.arn })))).toBeInstanceOf(
      sdk.ResourceNotFoundException,
    );
  });

  test('a room without settings has the default values', async () => {
    const { arn } = await client.send(new sdk.CreateRoomCommand({}));
    const got = await client.send(new sdk.GetRoomCommand({ identifier: arn }));
    expect(got).toMatchObject({ name: '', maximumMessageLength: 500, maximumMessageRatePerSecond: 10, tags: {} });
    expect(got.messageReviewHandler).toBeUndefined();
  });

  test('a room can have several logging configurations, each of which must exist and be given once', async () => {
    const newLogging = async () => (await client.send(
      new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }),
    )).arn!;
    const [first, second] = [await newLogging(), await newLogging()];
    const create = (...loggingConfigurationIdentifiers: string[]) =>
      client.send(new sdk.CreateRoomCommand({ loggingConfigurationIdentifiers }));
    const { arn: identifier, loggingConfigurationIdentifiers } = await create(first, second);
    expect(loggingConfigurationIdentifiers).toEqual([first, second]);
    await expect(create(first, `${second.slice(0, -12)}AAAAAAAAAAAA`)).rejects.toThrow(sdk.ResourceNotFoundException);
    await expect(create(first, first)).rejects.toThrow(sdk.ValidationException);
    await client.send(new sdk.DeleteRoomCommand({ identifier }));
    for (const arn of [first, second]) {
      await client.send(new sdk.DeleteLoggingConfigurationCommand({ identifier: arn }));
    }
  });

  test('the operations of logging configurations, which cannot be deleted while a room uses them', async () => {
    const created = await client.send(
      new sdk.CreateLoggingConfigurationCommand({ name: 'logs', destinationConfiguration: s3, tags: { a: '' } }),
    );
    expect(created).toMatchObject({ name: 'logs', state: 'ACTIVE', destinationConfiguration: s3, tags: { a: '' } });
    const identifier = created.arn!;
    const { arn } = await client.send(new sdk.CreateRoomCommand({ loggingConfigurationIdentifiers: [identifier] }));
    const updated = await client.send(
      new sdk.UpdateLoggingConfigurationCommand({
        identifier,
        destinationConfiguration: { firehose: { deliveryStreamName: 'f' } },
      }),
    );
    expect(updated).toMatchObject({
      arn: identifier,
      name: 'logs',
      destinationConfiguration: { firehose: { deliveryStreamName: 'f' } },
      state: 'ACTIVE',
    });
    expect(
      (await client.send(new sdk.ListRoomsCommand({ loggingConfigurationIdentifier: identifier }))).rooms,
    ).toHaveLength(1);
    expect((await client.send(new sdk.ListLoggingConfigurationsCommand({}))).loggingConfigurations).toEqual([
      expect.objectContaining({ arn: identifier, state: 'ACTIVE' }),
    ]);

    expect(await failure(client.send(new sdk.DeleteLoggingConfigurationCommand({ identifier })))).toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
      resourceId: created.id,
      resourceType: 'LOGGING_CONFIGURATION',
    });
    await client.send(new sdk.UpdateRoomCommand({ identifier: arn, loggingConfigurationIdentifiers: [] }));
    expect(
      (await client.send(new sdk.DeleteLoggingConfigurationCommand({ identifier }))).$metadata.httpStatusCode,
    ).toBe(204);
    expect(await failure(client.send(new sdk.GetLoggingConfigurationCommand({ identifier })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('the operations of tags, with special characters', async () => {
    const { arn: roomArn } = await client.send(new sdk.CreateRoomCommand({ tags: { old: '1' } }));
    const { arn: loggingArn } = await client.send(
      new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3 }),
    );
    for (const resourceArn of [roomArn, loggingArn]) {
      const tags = { 'a b': 'x+y', 'é/ü': '&=', 'constructor': '', '__proto__x': 'p' };
      await client.send(new sdk.TagResourceCommand({ resourceArn, tags }));
      await client.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ['old', 'é/ü', 'absent'] }));
      const { 'é/ü': _, ...rest } = tags;
      expect((await client.send(new sdk.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(rest);
    }
    expect((await client.send(new sdk.GetRoomCommand({ identifier: roomArn }))).tags).toHaveProperty('a b');
    await client.send(new sdk.DeleteLoggingConfigurationCommand({ identifier: loggingArn }));
  });

  test('chat tokens, events, message deletions and disconnections', async () => {
    const { arn: roomIdentifier } = await client.send(new sdk.CreateRoomCommand({}));
    const token = await client.send(
      new sdk.CreateChatTokenCommand({
        roomIdentifier,
        userId: 'u',
        capabilities: ['SEND_MESSAGE'],
        sessionDurationInMinutes: 3,
        attributes: { a: 'b' },
      }),
    );
    expect(token.token).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(token.tokenExpirationTime).toEqual(new Date(clock.now() + 60_000));
    expect(token.sessionExpirationTime).toEqual(new Date(clock.now() + 3 * 60_000));
    const shortest = await client.send(new sdk.CreateChatTokenCommand({ roomIdentifier, userId: 'u' }));
    expect(shortest.sessionExpirationTime).toEqual(new Date(clock.now() + 60 * 60_000));
    expect(
      (await client.send(new sdk.SendEventCommand({ roomIdentifier, eventName: 'e', attributes: { a: 'b' } }))).id,
    ).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(
      (await client.send(new sdk.DeleteMessageCommand({ roomIdentifier, id: 'AAAAAAAAAAAA', reason: 'r' }))).id,
    ).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(
      (await client.send(new sdk.DisconnectUserCommand({ roomIdentifier, userId: 'nobody' }))).$metadata.httpStatusCode,
    ).toBe(200);
  });

  test('the contract has the operations of the official SDK', () => {
    const commands = Object.keys(sdk)
      .filter((name) => /[a-z]Command$/.test(name))
      .map((name) => name.slice(0, -'Command'.length));
    expect(Object.keys(contract).sort()).toEqual(commands.sort());
  });
});

describe('the answers have the members that the contract declares', () => {
  const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';

  /** Finds missing and surplus members, which `check` ignores, and wrong values. */
  async function compare(operation: keyof typeof contract, input: object, missing: string[] = []): Promise<any> {
    const { output } = contract[operation];
    const answer = (await fixture.chat.call(operation, input)) as object;
    expect([operation, Object.keys(answer).sort()]).toEqual(
      [operation, Object.keys(output?.members ?? {}).filter((name) => !missing.includes(name)).sort()],
    );
    if (output) expect(check(output, answer)).toEqual([]);
    return answer;
  }

  test('in every operation', async () => {
    const logging = await compare('CreateLoggingConfiguration', {
      name: 'l',
      destinationConfiguration: s3,
      tags: { a: 'b' },
    });
    const handler = { messageReviewHandler: { uri }, loggingConfigurationIdentifiers: [logging.arn] };
    const created = await compare('CreateRoom', { name: 'r', tags: { a: 'b' }, ...handler });
    expect(created.messageReviewHandler).toEqual({ uri, fallbackResult: 'ALLOW' });
    const identifier = { identifier: created.arn };
    const roomIdentifier = { roomIdentifier: created.arn };
    await compare('GetRoom', identifier);
    await compare('UpdateRoom', { ...identifier, name: 'renamed' });
    await compare('ListRooms', { name: 'renamed' }, ['nextToken']);
    await compare('GetLoggingConfiguration', { identifier: logging.arn });
    await compare('UpdateLoggingConfiguration', { identifier: logging.arn, name: 'renamed' });
    await compare('ListLoggingConfigurations', {}, ['nextToken']);
    await compare('CreateChatToken', { ...roomIdentifier, userId: 'u' });
    await compare('SendEvent', { ...roomIdentifier, eventName: 'e' });
    await compare('DeleteMessage', { ...roomIdentifier, id: 'AAAAAAAAAAAA' });
    await compare('DisconnectUser', { ...roomIdentifier, userId: 'u' });
    await compare('TagResource', { resourceArn: created.arn, tags: { c: 'd' } });
    await compare('ListTagsForResource', { resourceArn: created.arn });
    await compare('UntagResource', { resourceArn: created.arn, tagKeys: ['c'] });
    await compare('DeleteRoom', identifier);
    await compare('DeleteLoggingConfiguration', { identifier: logging.arn });
  });
});

describe('lists', () => {
  test('are ordered by the last update, and pages do not repeat or skip items', async () => {
    const paged = await Fixture.start();
    const pagedClient = paged.client;
    const arns: string[] = [];
    for (let i = 0; i < 7; i++) {
      arns.push((await pagedClient.send(new sdk.CreateRoomCommand({ name: i % 2 ? 'odd' : 'even' }))).arn!);
    }
    await pagedClient.send(new sdk.UpdateRoomCommand({ identifier: arns[2], maximumMessageLength: 1 }));
    const names: string[] = [];
    let pages = 0;
    for await (const { rooms } of sdk.paginateListRooms({ client: pagedClient, pageSize: 2 }, {})) {
      names.push(...rooms!.map(({ arn }) => arn!));
      if (++pages === 1) await pagedClient.send(new sdk.DeleteRoomCommand({ identifier: arns[6] }));
    }
    expect(names).toEqual([2, 6, 5, 4, 3, 1, 0].map((i) => arns[i]));
    expect((await pagedClient.send(new sdk.ListRoomsCommand({ name: 'odd' }))).rooms).toHaveLength(3);
    const { nextToken } = await pagedClient.send(new sdk.ListRoomsCommand({ maxResults: 2 }));
    for (const wrong of [{ nextToken, name: 'odd' }, { nextToken: 'made-up' }]) {
      expect(await failure(pagedClient.send(new sdk.ListRoomsCommand(wrong)))).toMatchObject({
        name: 'ValidationException',
        fieldList: [{ name: 'nextToken' }],
      });
    }
    await paged.end();
  });
});

describe('errors', () => {
  test('a ValidationException contains all problems of a request', async () => {
    const error = await failure(
      client.send(
        new sdk.CreateRoomCommand({ name: 'a b', maximumMessageLength: 501, maximumMessageRatePerSecond: 0 }),
      ),
    );
    expect(error).toBeInstanceOf(sdk.ValidationException);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 400 }, reason: 'FIELD_VALIDATION_FAILED' });
    expect(error.fieldList.map(({ name }: { name: string }) => name)).toEqual([
      'name',
      'maximumMessageRatePerSecond',
      'maximumMessageLength',
    ]);
  });

  test('a missing resource is a ResourceNotFoundException with its ID and type', async () => {
    const absent = room('AAAAAAAAAAAA');
    for (const command of [
      new sdk.GetRoomCommand({ identifier: absent }),
      new sdk.UpdateRoomCommand({ identifier: absent }),
      new sdk.DeleteRoomCommand({ identifier: absent }),
      new sdk.CreateChatTokenCommand({ roomIdentifier: absent, userId: 'u' }),
      new sdk.SendEventCommand({ roomIdentifier: absent, eventName: 'e' }),
      new sdk.ListTagsForResourceCommand({ resourceArn: absent }),
      new sdk.TagResourceCommand({ resourceArn: absent, tags: {} }),
    ]) {
      const error = await failure(client.send(command as sdk.GetRoomCommand));
      expect(error).toMatchObject({
        name: 'ResourceNotFoundException',
        $metadata: { httpStatusCode: 404 },
        resourceId: 'AAAAAAAAAAAA',
        resourceType: 'ROOM',
      });
    }
    const other = absent.replace('us-west-2', 'eu-west-1');
    expect(await failure(client.send(new sdk.GetRoomCommand({ identifier: other })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('a resource of another account is denied', async () => {
    expect(
      await failure(
        client.send(new sdk.GetRoomCommand({ identifier: 'arn:aws:ivschat:us-west-2:999999999999:room/AAAAAAAAAAAA' })),
      ),
    ).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
  });

  test('wrong keys and an unsupported Region are refused', async () => {
    const wrongSecret = fixture.clientOf({ ...fixture.chat.identities.administrator, secretAccessKey: 'wrong' });
    expect(await failure(wrongSecret.send(new sdk.ListRoomsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
    const unknown = fixture.clientOf({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' });
    expect(await failure(unknown.send(new sdk.ListRoomsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
    const elsewhere = fixture.clientOf(fixture.chat.identities.administrator, { region: 'us-east-2' });
    expect(await failure(elsewhere.send(new sdk.ListRoomsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  test('a changed request and an unsigned request are refused', async () => {
    const { accessKeyId, secretAccessKey } = fixture.chat.identities.administrator;
    const { host } = new URL(fixture.chat.controlPlane);
    const { headers } = sign(
      {
        method: 'POST',
        host,
        path: '/CreateRoom',
        service: 'ivschat',
        region: 'us-west-2',
        body: '{"name":"a"}',
        headers: { 'content-type': 'application/json' },
      },
      { accessKeyId, secretAccessKey },
    );
    const { Host: _, 'Content-Length': __, ...signed } = headers as { [name: string]: string };
    const post = async (path: string, body: string, more: object = {}, without = '') => {
      const sent = Object.fromEntries(Object.entries({ ...signed, ...more }).filter(([name]) => name !== without));
      const answer = await fetch(`${fixture.chat.controlPlane}${path}`, { method: 'POST', body, headers: sent });
      return [answer.status, answer.headers.get('x-amzn-errortype')];
    };
    expect(await post('/CreateRoom', '{"name":"a"}')).toEqual([200, null]);
    const mismatch = [403, 'InvalidSignatureException'];
    expect(await post('/CreateRoom', '{"name":"b"}')).toEqual(mismatch);
    expect(await post('/DeleteRoom', '{"name":"a"}')).toEqual(mismatch);
    expect(await post('/CreateRoom?x=y', '{"name":"a"}')).toEqual(mismatch);
    expect(await post('/CreateRoom', '{"name":"a"}', { 'x-amz-target': 'unsigned' })).toEqual(mismatch);
    expect(await post('/CreateRoom', '{"name":"a"}', { 'x-amz-security-token': 'surplus' })).toEqual([
      403,
      'UnrecognizedClientException',
    ]);
    expect(await post('/CreateRoom', '{"name":"a"}', {}, 'Authorization')).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
  });

  test('IAM receives the action, resource, tags and Region of each operation', async () => {
    const seen: unknown[] = [];
    const role = fixture.chat.identities.assumeRole(
      'arn:aws:sts::123456789012:assumed-role/r/s',
      (action, resource, context) => {
        seen.push([action, resource, context]);
        return action !== 'ivschat:CreateRoom' || context['aws:RequestTag/team'] === 'chat';
      },
    );
    const asRole = fixture.clientOf({ ...role });
    const error = await failure(asRole.send(new sdk.CreateRoomCommand({ tags: { team: 'other' } })));
    expect(error).toBeInstanceOf(sdk.AccessDeniedException);
    expect(error.message).toBe(
      'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: ivschat:CreateRoom on '
      + 'resource: arn:aws:ivschat:us-west-2:123456789012:room/* because no identity-based policy allows the '
      + 'ivschat:CreateRoom action',
    );
    const { arn } = await asRole.send(new sdk.CreateRoomCommand({ tags: { team: 'chat' } }));
    await asRole.send(new sdk.GetRoomCommand({ identifier: arn }));
    await asRole.send(new sdk.ListTagsForResourceCommand({ resourceArn: arn }));
    await asRole.send(new sdk.TagResourceCommand({ resourceArn: arn, tags: { other: 'x' } }));
    await asRole.send(new sdk.UntagResourceCommand({ resourceArn: arn, tagKeys: ['other'] }));
    await asRole.send(new sdk.UpdateRoomCommand({ identifier: arn, name: 'renamed' }));
    await asRole.send(new sdk.CreateChatTokenCommand({ roomIdentifier: arn, userId: 'u' }));
    await asRole.send(new sdk.DeleteRoomCommand({ identifier: arn }));
    expect(seen).toContainEqual([
      'ivschat:CreateRoom',
      room('*'),
      {
        'aws:RequestedRegion': 'us-west-2',
        'aws:PrincipalArn': role.arn,
        'aws:RequestTag/team': 'chat',
        'aws:TagKeys': ['team'],
      },
    ]);
    const tagged = expect.objectContaining({ 'aws:ResourceTag/team': 'chat' });
    const onRoom = [
      'GetRoom',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
      'UpdateRoom',
      'CreateChatToken',
      'DeleteRoom',
    ];
    for (const operation of onRoom) expect(seen).toContainEqual([`ivschat:${operation}`, arn, tagged]);
  });
});

test('pages of loopback origins can call the service', async () => {
  const preflight = await fetch(`${fixture.chat.controlPlane}/CreateRoom`, {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:3000' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('amz-sdk-invocation-id');
  const refused = await fetch(`${fixture.chat.controlPlane}/CreateRoom`, {
    method: 'OPTIONS',
    headers: { origin: 'https://attacker.example' },
  });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
});
