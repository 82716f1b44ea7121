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
const loggingConfiguration = (id: string) => `arn:aws:ivschat:us-west-2:123456789012:logging-configuration/${id}`;
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
    const before = { old: '1', Old: '1' };
    const { arn: roomArn } = await client.send(new sdk.CreateRoomCommand({ tags: before }));
    const { arn: loggingArn } = await client.send(
      new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3, tags: before }),
    );
    clock.advance(1000);
    for (const resourceArn of [roomArn, loggingArn]) {
      const tags = { 'a b': 'x+y', 'é/ü': '&=', 'constructor': '', '__proto__x': 'p', 'Old': '2', 'one': '1', 'é': '' };
      await client.send(new sdk.TagResourceCommand({ resourceArn, tags }));
      await client.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ['old', 'é/ü', 'absent', 'one,é'] }));
      const { 'é/ü': _, ...rest } = tags;
      expect((await client.send(new sdk.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(rest);
    }
    const tagged = await client.send(new sdk.GetRoomCommand({ identifier: roomArn }));
    expect(tagged.tags).toHaveProperty('a b');
    expect(tagged.updateTime).toEqual(tagged.createTime); // A change of tags is no update.
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

  test('have pages of at most 50 items, and no token at the end', async () => {
    const paged = await Fixture.start({ quotas: { loggingConfigurations: 51 } });
    const { call } = paged.chat;
    const arns: { [list: string]: string[] } = { ListRooms: [], ListLoggingConfigurations: [] };
    for (let count = 0; count < 51; count++) {
      arns.ListRooms!.unshift((await call('CreateRoom', { name: `r${count % 2}` })).arn);
      arns.ListLoggingConfigurations!.unshift(
        (await call('CreateLoggingConfiguration', { destinationConfiguration: s3 })).arn,
      );
    }
    const pages: any = {};
    for (const [list, all] of Object.entries(arns)) {
      const read = async (input: object) => {
        const { nextToken, ...members } = pages[list] = await call(list, input);
        const [items] = Object.values(members) as { arn: string }[][];
        return [items!.map(({ arn }) => arn), typeof nextToken];
      };
      expect(await read({ maxResults: 49 })).toEqual([all.slice(0, 49), 'string']);
      expect(await read({ nextToken: pages[list].nextToken, maxResults: 2 })).toEqual([all.slice(49), 'undefined']);
      expect(await read({})).toEqual([all.slice(0, 50), 'string']);
      expect(await read({ nextToken: pages[list].nextToken })).toEqual([all.slice(50), 'undefined']);
      expect(await read({ maxResults: 1 })).toEqual([all.slice(0, 1), 'string']);
    }
    const [rooms, loggings] = [pages.ListRooms.nextToken, pages.ListLoggingConfigurations.nextToken];
    for (const [list, input] of [
      ['ListRooms', { nextToken: loggings }],
      ['ListLoggingConfigurations', { nextToken: rooms }],
      ['ListRooms', { nextToken: rooms, messageReviewHandlerUri: '' }],
      ['ListRooms', { nextToken: rooms, loggingConfigurationIdentifier: arns.ListLoggingConfigurations![0] }],
    ] as const) {
      expect(await failure(call(list, input))).toMatchObject({ members: { fieldList: [{ name: 'nextToken' }] } });
    }
    const [sequence, signature] = Buffer.from(rooms, 'base64url').toString().split('.');
    const forged = Buffer.from(`${Number(sequence) - 1}.${signature}`).toString('base64url');
    expect(await failure(call('ListRooms', { nextToken: forged }))).toMatchObject({
      members: { fieldList: [{ name: 'nextToken' }] },
    });
    const ofAnotherService = fixture.chat.call('ListRooms', { nextToken: pages.ListRooms.nextToken });
    expect(await failure(ofAnotherService)).toMatchObject({ members: { fieldList: [{ name: 'nextToken' }] } });
    for (const [name, count] of [['r1', 25], ['r', 0], ['', 0]] as const) {
      expect((await call('ListRooms', { name })).rooms).toHaveLength(count);
    }
    expect((await call('ListRooms', { messageReviewHandlerUri: '' })).rooms).toHaveLength(50);
    expect((await call('ListRooms', {
      loggingConfigurationIdentifier: arns.ListLoggingConfigurations![0],
    })).rooms).toEqual([]);
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
    expect(error.message).toBe(
      'Request member: name failed to satisfy the constraints: must contain only letters, digits, hyphens and '
      + 'underscores, got "a b"; '
      + 'Request member: maximumMessageRatePerSecond failed to satisfy the constraints: must be between 1 and 100, '
      + 'got 0; '
      + 'Request member: maximumMessageLength failed to satisfy the constraints: must be between 1 and 500, got 501',
    );
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
    ).toMatchObject({
      name: 'AccessDeniedException',
      message: 'User: arn:aws:iam::123456789012:user/local is not authorized to perform: ivschat:GetRoom on resource: '
        + 'arn:aws:ivschat:us-west-2:999999999999:room/AAAAAAAAAAAA because no resource-based policy allows the '
        + 'ivschat:GetRoom action',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('wrong keys and an unsupported Region are refused, and not printed', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const wrongSecret = fixture.clientOf({ ...fixture.chat.identities.administrator, secretAccessKey: 'wrong' });
    expect(await failure(wrongSecret.send(new sdk.ListRoomsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
    const unknown = fixture.clientOf({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' });
    expect(await failure(unknown.send(new sdk.ListRoomsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
    for (const region of ['us-east-2', 'us-west', 'us-west-21']) {
      const elsewhere = fixture.clientOf(fixture.chat.identities.administrator, { region });
      expect(await failure(elsewhere.send(new sdk.ListRoomsCommand({})))).toMatchObject({
        name: 'InvalidSignatureException',
        message: 'Credential should be scoped to a valid region: one of ap-northeast-1, ap-northeast-2, ap-south-1, '
          + 'eu-central-1, eu-west-1, us-east-1, us-west-2.',
        $metadata: { httpStatusCode: 403 },
      });
    }
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
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
        return action !== 'ivschat:CreateRoom' || context['aws:RequestTag/Team'] === 'chat';
      },
    );
    const asRole = fixture.clientOf({ ...role });
    const error = await failure(asRole.send(new sdk.CreateRoomCommand({ tags: { Team: 'other' } })));
    expect(error).toBeInstanceOf(sdk.AccessDeniedException);
    expect(error.message).toBe(
      'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: ivschat:CreateRoom on '
      + 'resource: arn:aws:ivschat:us-west-2:123456789012:room/* because no identity-based policy allows the '
      + 'ivschat:CreateRoom action',
    );
    seen.length = 0;
    const { arn } = await asRole.send(new sdk.CreateRoomCommand({ tags: { Team: 'chat' } }));
    const { arn: logging } = await asRole.send(
      new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3, tags: { Team: 'chat' } }),
    );
    for (const resourceArn of [arn, logging]) {
      await asRole.send(new sdk.ListTagsForResourceCommand({ resourceArn }));
      await asRole.send(new sdk.TagResourceCommand({ resourceArn, tags: { other: 'x' } }));
      await asRole.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ['other'] }));
    }
    const roomIdentifier = { roomIdentifier: arn };
    await asRole.send(new sdk.GetRoomCommand({ identifier: arn }));
    await asRole.send(new sdk.ListRoomsCommand({}));
    await asRole.send(new sdk.UpdateRoomCommand({ identifier: arn, name: 'renamed' }));
    await asRole.send(new sdk.CreateChatTokenCommand({ ...roomIdentifier, userId: 'u' }));
    await asRole.send(new sdk.SendEventCommand({ ...roomIdentifier, eventName: 'e' }));
    await asRole.send(new sdk.DeleteMessageCommand({ ...roomIdentifier, id: 'AAAAAAAAAAAA' }));
    await asRole.send(new sdk.DisconnectUserCommand({ ...roomIdentifier, userId: 'u' }));
    const elsewhere = fixture.clientOf({ ...role }, { region: 'eu-west-1' });
    await failure(elsewhere.send(new sdk.GetRoomCommand({ identifier: arn })));
    await asRole.send(new sdk.DeleteRoomCommand({ identifier: arn }));
    await asRole.send(new sdk.GetLoggingConfigurationCommand({ identifier: logging }));
    await asRole.send(new sdk.ListLoggingConfigurationsCommand({}));
    await asRole.send(new sdk.UpdateLoggingConfigurationCommand({ identifier: logging, name: 'renamed' }));
    await asRole.send(new sdk.DeleteLoggingConfigurationCommand({ identifier: logging }));

    const always = { 'aws:RequestedRegion': 'us-west-2', 'aws:PrincipalArn': role.arn };
    const created = { ...always, 'aws:RequestTag/Team': 'chat', 'aws:TagKeys': ['Team'] };
    const tagged = { ...always, 'aws:ResourceTag/Team': 'chat' };
    const ofTags = (resource?: string) => [
      ['ivschat:ListTagsForResource', resource, tagged],
      ['ivschat:TagResource', resource, { ...tagged, 'aws:RequestTag/other': 'x', 'aws:TagKeys': ['other'] }],
      ['ivschat:UntagResource', resource, { ...tagged, 'aws:ResourceTag/other': 'x', 'aws:TagKeys': ['other'] }],
    ];
    expect(seen).toEqual([
      ['ivschat:CreateRoom', room('*'), created],
      ['ivschat:TagResource', room('*'), created],
      ['ivschat:CreateLoggingConfiguration', loggingConfiguration('*'), created],
      ['ivschat:TagResource', loggingConfiguration('*'), created],
      ...ofTags(arn),
      ...ofTags(logging),
      ['ivschat:GetRoom', arn, tagged],
      ['ivschat:ListRooms', room('*'), always],
      ...['UpdateRoom', 'CreateChatToken', 'SendEvent', 'DeleteMessage', 'DisconnectUser'].map(
        (operation) => [`ivschat:${operation}`, arn, tagged],
      ),
      ['ivschat:GetRoom', arn, { ...tagged, 'aws:RequestedRegion': 'eu-west-1' }],
      ['ivschat:DeleteRoom', arn, tagged],
      ['ivschat:GetLoggingConfiguration', logging, tagged],
      ['ivschat:ListLoggingConfigurations', loggingConfiguration('*'), always],
      ['ivschat:UpdateLoggingConfiguration', logging, tagged],
      ['ivschat:DeleteLoggingConfiguration', logging, tagged],
    ]);
  });
});

describe('an error has all its members:', () => {
  const absent = { resourceId: 'AAAAAAAAAAAA', resourceType: 'ROOM' };
  const absentLogging = { resourceId: 'AAAAAAAAAAAA', resourceType: 'LOGGING_CONFIGURATION' };
  const notFound = (arn: string, members: object) =>
    ({ code: 'ResourceNotFoundException', status: 404, message: `Resource: ${arn} not found`, members });
  const invalid = (name: string, message: string) => ({
    code: 'ValidationException',
    status: 400,
    message: `Request member: ${name} failed to satisfy the constraints: ${message}`,
    members: { reason: 'FIELD_VALIDATION_FAILED', fieldList: [{ name, message }] },
  });
  const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
  const missing = room('AAAAAAAAAAAA');
  const missingLogging = loggingConfiguration('AAAAAAAAAAAA');

  test.each<[string, object, object]>([
    ['UpdateRoom', { identifier: missing }, notFound(missing, absent)],
    ['DisconnectUser', { roomIdentifier: missing, userId: 'u' }, notFound(missing, absent)],
    ['DeleteMessage', { roomIdentifier: missing, id: 'AAAAAAAAAAAA' }, notFound(missing, absent)],
    ['GetLoggingConfiguration', { identifier: missingLogging }, notFound(missingLogging, absentLogging)],
    ['UpdateLoggingConfiguration', { identifier: missingLogging }, notFound(missingLogging, absentLogging)],
    ['DeleteLoggingConfiguration', { identifier: missingLogging }, notFound(missingLogging, absentLogging)],
    ['UntagResource', { resourceArn: missingLogging, tagKeys: ['a'] }, notFound(missingLogging, absentLogging)],
    ['ListRooms', { loggingConfigurationIdentifier: missingLogging }, notFound(missingLogging, absentLogging)],
    ['CreateRoom', { loggingConfigurationIdentifiers: [missingLogging] }, notFound(missingLogging, absentLogging)],
    [
      'CreateRoom', { loggingConfigurationIdentifiers: [missingLogging, missingLogging] },
      invalid('loggingConfigurationIdentifiers[1]', 'must not be given twice'),
    ],
    [
      'CreateRoom', { messageReviewHandler: { uri: uri.replace('us-west-2', 'us-east-1') } },
      invalid('uri', 'must be a function in the account 123456789012 and Region us-west-2 of the room'),
    ],
    [
      'CreateRoom', { tags: { 'AWS:x': 'y' } },
      invalid('tags.AWS:x', 'must not begin with aws:, which is a reserved prefix'),
    ],
    [
      'CreateRoom', { tags: { 'aws:x': 'y' }, name: 1 }, {
        ...invalid('tags.aws:x', ''),
        message: 'Request member: name failed to satisfy the constraints: must be a string, got 1; '
          + 'Request member: tags.aws:x failed to satisfy the constraints: must not begin with aws:, which is a '
          + 'reserved prefix',
        members: {
          reason: 'FIELD_VALIDATION_FAILED',
          fieldList: [
            { name: 'name', message: 'must be a string, got 1' },
            { name: 'tags.aws:x', message: 'must not begin with aws:, which is a reserved prefix' },
          ],
        },
      },
    ],
    [
      'CreateRoom', {
        loggingConfigurationIdentifiers: [missingLogging],
        messageReviewHandler: { uri: uri.replace('us-west-2', 'us-east-1') },
      }, notFound(missingLogging, absentLogging),
    ],
    [
      'UntagResource', { resourceArn: missing, tagKeys: ['a', 'aws:x'] },
      invalid('tags.aws:x', 'must not begin with aws:, which is a reserved prefix'),
    ],
    [
      'ListRooms', { nextToken: 'x' },
      invalid('nextToken', 'must be the nextToken of an earlier response to the same request'),
    ],
    [
      'ListLoggingConfigurations', { nextToken: 'x' },
      invalid('nextToken', 'must be the nextToken of an earlier response to the same request'),
    ],
    [
      'DropTables', {}, {
        code: 'ValidationException',
        status: 400,
        message: 'There is no operation DropTables',
        members: { reason: 'UNKNOWN_OPERATION' },
      },
    ],
  ])('%s with %j', async (operation, input, error) => {
    const { code, status, message, members } = await failure(fixture.chat.call(operation, input));
    expect({ code, status, message, members }).toEqual(error);
  });

  test('the conflict of a logging configuration that a room uses, and too many tags', async () => {
    const { call } = fixture.chat;
    const { arn, id } = await call('CreateLoggingConfiguration', { destinationConfiguration: s3 });
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
    const { arn: user } = await call('CreateRoom', { loggingConfigurationIdentifiers: [arn], tags });
    expect(await failure(call('DeleteLoggingConfiguration', { identifier: arn }))).toMatchObject({
      code: 'ConflictException',
      status: 409,
      message: `The logging configuration is associated with the room ${user}. Remove it from all rooms first.`,
      members: { resourceId: id, resourceType: 'LOGGING_CONFIGURATION' },
    });
    expect(await failure(call('TagResource', { resourceArn: user, tags: { more: '' } }))).toMatchObject(
      invalid('tags', 'must leave the resource with at most 50 tags, not 51'),
    );
    await call('DeleteRoom', { identifier: user });
    await call('DeleteLoggingConfiguration', { identifier: arn });
  });
});

describe('an update', () => {
  const uri = 'arn:aws:lambda:us-west-2:123456789012:function:review';
  const handler = { uri, fallbackResult: 'DENY' };

  test('of a room changes only the given members, in the next Get and List, too', async () => {
    const { call } = fixture.chat;
    const newLogging = async () => (await call('CreateLoggingConfiguration', { destinationConfiguration: s3 })).arn;
    const [one, two] = [await newLogging(), await newLogging()];
    let expected = await call('CreateRoom', {
      name: 'a',
      maximumMessageLength: 7,
      maximumMessageRatePerSecond: 8,
      messageReviewHandler: handler,
      loggingConfigurationIdentifiers: [one],
      tags: { team: 'chat' },
    });
    const time = new Date(clock.now()).toISOString();
    expect(expected).toEqual({
      arn: room(expected.id),
      id: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
      name: 'a',
      createTime: time,
      updateTime: time,
      maximumMessageLength: 7,
      maximumMessageRatePerSecond: 8,
      messageReviewHandler: handler,
      loggingConfigurationIdentifiers: [one],
      tags: { team: 'chat' },
    });
    for (const change of [
      {},
      { name: 'b' },
      { maximumMessageLength: 9 },
      { maximumMessageRatePerSecond: 6 },
      { messageReviewHandler: { uri: `${uri}2`, fallbackResult: 'DENY' } },
      { messageReviewHandler: { uri, fallbackResult: 'ALLOW' } },
      { loggingConfigurationIdentifiers: [two, one] },
      { name: '' },
    ]) {
      clock.advance(1000);
      expected = { ...expected, ...change, updateTime: new Date(clock.now()).toISOString() };
      expect(await call('UpdateRoom', { identifier: expected.arn, ...change })).toEqual(expected);
      expect(await call('GetRoom', { identifier: expected.arn })).toEqual(expected);
      const { maximumMessageLength: _, maximumMessageRatePerSecond: __, ...summary } = expected;
      expect((await call('ListRooms', { maxResults: 1 })).rooms).toEqual([summary]);
    }
    const identifier = expected.arn;
    const absent = { name: undefined, messageReviewHandler: { uri: undefined, fallbackResult: 'ALLOW' } };
    expect(await call('UpdateRoom', { identifier, ...absent })).toEqual(expected);
    const nothing = { name: null, messageReviewHandler: { uri: null, fallbackResult: null }, tags: { a: 'b' } };
    const kept = await call('UpdateRoom', { identifier, ...nothing, loggingConfigurationIdentifiers: null });
    expect(kept).toEqual(expected);
    kept.tags.team = kept.name = 'changed by the caller';
    expect(await call('GetRoom', { identifier })).toEqual(expected);
    for (const used of [one, two]) {
      await expect(call('DeleteLoggingConfiguration', { identifier: used })).rejects.toThrow('Remove it from all');
    }
    await call('UpdateRoom', { identifier, loggingConfigurationIdentifiers: [] });
    expect((await call('GetRoom', { identifier })).loggingConfigurationIdentifiers).toEqual([]);
    await call('DeleteRoom', { identifier });
    for (const unused of [one, two]) await call('DeleteLoggingConfiguration', { identifier: unused });
  });

  test('of a logging configuration changes only the given members, in the next Get and List, too', async () => {
    const { call } = fixture.chat;
    const time = new Date(clock.now()).toISOString();
    let expected = await call('CreateLoggingConfiguration', {
      name: 'a', destinationConfiguration: s3, tags: { team: 'chat' },
    });
    expect(expected).toEqual({
      arn: loggingConfiguration(expected.id),
      id: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
      name: 'a',
      state: 'ACTIVE',
      createTime: time,
      updateTime: time,
      destinationConfiguration: s3,
      tags: { team: 'chat' },
    });
    for (const change of [
      {},
      { name: 'b' },
      { destinationConfiguration: { cloudWatchLogs: { logGroupName: 'group' } } },
      { name: '' },
    ]) {
      clock.advance(1000);
      expected = { ...expected, ...change, updateTime: new Date(clock.now()).toISOString() };
      expect(await call('UpdateLoggingConfiguration', { identifier: expected.arn, ...change })).toEqual(expected);
      expect(await call('GetLoggingConfiguration', { identifier: expected.arn })).toEqual(expected);
      const { loggingConfigurations } = await call('ListLoggingConfigurations', { maxResults: 1 });
      expect(loggingConfigurations).toEqual([expected]);
    }
    await call('DeleteLoggingConfiguration', { identifier: expected.arn });
    const { name } = await call('CreateLoggingConfiguration', { destinationConfiguration: s3 });
    expect(name).toBe('');
  });
});

describe('each operation needs its permission', () => {
  test.each(Object.keys(contract))('%s', async (operation) => {
    const { call, identities } = fixture.chat;
    const { arn } = await call('CreateRoom');
    const { arn: loggingArn } = await call('CreateLoggingConfiguration', { destinationConfiguration: s3 });
    const inputs: { [name: string]: [resource: string, input: object] } = {
      CreateChatToken: [arn, { roomIdentifier: arn, userId: 'u' }],
      CreateLoggingConfiguration: [loggingConfiguration('*'), { destinationConfiguration: s3 }],
      CreateRoom: [room('*'), {}],
      DeleteLoggingConfiguration: [loggingArn, { identifier: loggingArn }],
      DeleteMessage: [arn, { roomIdentifier: arn, id: 'AAAAAAAAAAAA' }],
      DeleteRoom: [arn, { identifier: arn }],
      DisconnectUser: [arn, { roomIdentifier: arn, userId: 'u' }],
      GetLoggingConfiguration: [loggingArn, { identifier: loggingArn }],
      GetRoom: [arn, { identifier: arn }],
      ListLoggingConfigurations: [loggingConfiguration('*'), {}],
      ListRooms: [room('*'), {}],
      ListTagsForResource: [loggingArn, { resourceArn: loggingArn }],
      SendEvent: [arn, { roomIdentifier: arn, eventName: 'e' }],
      TagResource: [arn, { resourceArn: arn, tags: { a: 'b' } }],
      UntagResource: [loggingArn, { resourceArn: loggingArn, tagKeys: ['a'] }],
      UpdateLoggingConfiguration: [loggingArn, { identifier: loggingArn, name: 'renamed' }],
      UpdateRoom: [arn, { identifier: arn, name: 'renamed' }],
    };
    const [resource, input] = inputs[operation]!;
    const action = `ivschat:${operation}`;
    const asked: unknown[] = [];
    const send = (allowed: string) => {
      const role = identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', (...[wanted, on]) => {
        asked.push([wanted, on]);
        return wanted === allowed;
      });
      const Command = sdk[`${operation}Command` as 'GetRoomCommand'];
      return fixture.clientOf({ ...role }).send(new Command(input as sdk.GetRoomCommandInput));
    };
    const effects = async () => {
      const { now: _, requests: __, ...effect } = await fixture.state();
      return [effect, (await call('ListTagsForResource', { resourceArn: arn })).tags];
    };

    const before = await effects();
    await expect(send('ivschat:*')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: ${action} on resource: `
        + `${resource} because no identity-based policy allows the ${action} action`,
      $metadata: { httpStatusCode: 403 },
    });
    expect(await effects()).toEqual(before);
    await send(action);
    expect(asked).toEqual([[action, resource], [action, resource]]);
    await call('DeleteRoom', { identifier: arn }).catch(() => {});
    for (const { arn: identifier } of (await call('ListLoggingConfigurations')).loggingConfigurations) {
      await call('DeleteLoggingConfiguration', { identifier });
    }
  });

  const missing = room('AAAAAAAAAAAA');
  const missingLogging = loggingConfiguration('AAAAAAAAAAAA');
  const invalid = { messageReviewHandler: { uri: 'arn:aws:lambda:eu-west-1:123456789012:function:review' } };
  test.each<[keyof typeof contract, string, object]>([
    ['CreateRoom', room('*'), { ...invalid, loggingConfigurationIdentifiers: [missingLogging] }],
    ['GetRoom', missing, { identifier: missing }],
    ['UpdateRoom', missing, { identifier: missing, ...invalid }],
    ['DeleteRoom', missing, { identifier: missing }],
    ['ListRooms', room('*'), { loggingConfigurationIdentifier: missingLogging }],
    ['CreateChatToken', missing, { roomIdentifier: missing, userId: 'u' }],
    ['SendEvent', missing, { roomIdentifier: missing, eventName: 'e' }],
    ['DeleteMessage', missing, { roomIdentifier: missing, id: 'AAAAAAAAAAAA' }],
    ['DisconnectUser', missing, { roomIdentifier: missing, userId: 'u' }],
    ['GetLoggingConfiguration', missingLogging, { identifier: missingLogging }],
    ['UpdateLoggingConfiguration', missingLogging, { identifier: missingLogging }],
    ['DeleteLoggingConfiguration', missingLogging, { identifier: missingLogging }],
    ['ListTagsForResource', missing, { resourceArn: missing }],
    ['TagResource', missingLogging, { resourceArn: missingLogging, tags: { a: 'b' } }],
    ['UntagResource', missing, { resourceArn: missing, tagKeys: ['a'] }],
  ])('%s without it is denied before the resource is read', async (operation, resource, input) => {
    const asked: unknown[] = [];
    const role = fixture.chat.identities.assumeRole('arn:aws:sts::123456789012:assumed-role/r/s', (...call) => {
      asked.push(call);
      return false;
    });
    const Command = sdk[`${operation}Command` as 'GetRoomCommand'];
    const sent = fixture.clientOf({ ...role }).send(new Command(input as sdk.GetRoomCommandInput));
    expect(await failure(sent)).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
    expect(asked).toMatchObject([[`ivschat:${operation}`, resource, { 'aws:PrincipalArn': role.arn }]]);
  });

  test.each(['CreateRoom', 'CreateLoggingConfiguration'])('%s with tags also needs TagResource', async (operation) => {
    const command = operation === 'CreateRoom'
      ? new sdk.CreateRoomCommand({ tags: { team: 'chat' }, loggingConfigurationIdentifiers: [missingLogging] })
      : new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: s3, tags: { team: 'chat' } });
    const denied = fixture.chat.identities.assumeRole(
      'arn:aws:sts::123456789012:assumed-role/r/s',
      (action, _resource, context) => action !== 'ivschat:TagResource' || context['aws:RequestTag/team'] !== 'chat',
    );
    const { counts, loggingConfigurations } = await fixture.state();
    await expect(fixture.clientOf({ ...denied }).send(command as sdk.CreateRoomCommand)).rejects.toThrow(
      'is not authorized to perform: ivschat:TagResource on resource: '
      + (operation === 'CreateRoom' ? room('*') : loggingConfiguration('*')),
    );
    expect(await fixture.state()).toMatchObject({ counts, loggingConfigurations });
  });
});

test('each request has a record, and only the console has its input and output', async () => {
  const records: unknown[] = [];
  const watched = await Fixture.start({ clock, onRequest: (request) => records.push(request) });
  const { administrator } = watched.chat.identities;
  const started = performance.now();
  const created = await watched.client.send(new sdk.CreateRoomCommand({ name: 'lobby' }));
  await watched.client.send(new sdk.DeleteRoomCommand({ identifier: created.arn }));
  const missing = { identifier: room('AAAAAAAAAAAA') };
  const elsewhere = watched.clientOf(administrator, { region: 'eu-west-1' });
  await failure(elsewhere.send(new sdk.GetRoomCommand(missing)));
  const headers = { 'x-amzn-requestid': 'chosen' };
  const answer = await fetch(`${watched.chat.controlPlane}/Nothing?q=1`, { method: 'PUT', headers });
  const attributes = { a: 'é'.repeat(8 * 1024) };
  await failure(watched.client.send(
    new sdk.SendEventCommand({ roomIdentifier: created.arn, eventName: 'e', attributes }),
  ));
  const { requests } = await watched.firstUpdate();
  // In milliseconds, with two decimals. The requests came one after the other.
  for (const { milliseconds } of requests) expect(String(milliseconds)).toMatch(/^\d+(\.\d\d?)?$/);
  const together = requests.reduce((sum, { milliseconds }) => sum + milliseconds!, 0);
  expect(together).toBeLessThan(performance.now() - started + 1);
  const details = ['number', 'region', 'input', 'output', 'message', 'fault'];
  expect(records).toEqual(requests.map((request) =>
    Object.fromEntries(Object.entries(request).filter(([name]) => !details.includes(name)))));
  const base = (operation: string, status: number) => ({
    number: expect.any(Number),
    time: new Date(clock.now()).toISOString(),
    operation,
    status,
    region: 'us-west-2',
    requestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    caller: administrator.arn,
    milliseconds: expect.any(Number),
  });
  const { $metadata: { requestId, httpStatusCode }, createTime, updateTime, ...output } = created;
  const failed = (code: string, message: string, members: object = {}) =>
    ({ error: code, message, output: { message, ...members } });
  const { caller: _, region: __, ...unknown } = base('PUT (unknown)', 403);
  expect(requests).toEqual([
    {
      ...base('CreateRoom', httpStatusCode!),
      requestId,
      input: { name: 'lobby' },
      output: { ...output, createTime: createTime!.toISOString(), updateTime: updateTime!.toISOString() },
    },
    { ...base('DeleteRoom', 204), input: { identifier: created.arn } },
    {
      ...base('GetRoom', 404),
      region: 'eu-west-1',
      input: missing,
      ...failed('ResourceNotFoundException', `Resource: ${missing.identifier} not found`, {
        resourceId: 'AAAAAAAAAAAA', resourceType: 'ROOM',
      }),
    },
    { ...unknown, ...failed('MissingAuthenticationTokenException', 'Missing Authentication Token') },
    {
      ...base('SendEvent', 400),
      input: { note: '16499 bytes, which are not kept' },
      error: 'ValidationException',
      message: expect.any(String),
      output: expect.any(Object),
    },
  ]);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('x-amzn-requestid')).toBe(requests[3]!.requestId);
  await watched.end();
});

test('the console keeps inputs of up to 16 KiB, and larger requests are performed', async () => {
  const open = await Fixture.start({ clock, verifySignatures: false });
  for (const name of ['x', 'y']) await open.createRoom({ name });
  const headers = { 'content-type': 'application/json' };
  for (const size of [16 * 1024, 16 * 1024 + 1]) {
    const body = '{"name":"x"}'.padEnd(size);
    const answer = await fetch(`${open.chat.controlPlane}/ListRooms`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ rooms: [{ name: 'x' }] });
  }
  expect((await open.firstUpdate()).requests.slice(-2).map(({ input }) => input)).toEqual([
    { name: 'x' }, { note: '16385 bytes, which are not kept' },
  ]);
  await open.end();
});

test('pages of loopback origins can call the service', async () => {
  const send = (init: RequestInit & { headers: { [name: string]: string } }) =>
    fetch(`${fixture.chat.controlPlane}/CreateRoom`, init);
  const preflight = await send({ method: 'OPTIONS', headers: { origin: 'http://localhost:3000' } });
  const cors = {
    'access-control-allow-origin': '*',
    'access-control-expose-headers':
      'x-amzn-errortype,x-amzn-requestid,x-amzn-errormessage,x-amzn-trace-id,x-amz-apigw-id,date',
  };
  expect(preflight.status).toBe(200);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    ...cors,
    'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
    'access-control-allow-headers': 'Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,'
      + 'X-Amz-Content-Sha256,X-Amz-User-Agent,amz-sdk-invocation-id,amz-sdk-request',
    'access-control-max-age': '86400',
  });
  const unsigned = await send({ method: 'POST', headers: { origin: 'http://localhost:3000' } });
  expect([unsigned.status, Object.fromEntries(unsigned.headers)]).toMatchObject([403, cors]);
  expect((await send({ method: 'POST', headers: {} })).headers.get('access-control-allow-origin')).toBeNull();
  const read = await fetch(`${fixture.chat.controlPlane}/tags/x`, { headers: { origin: 'http://localhost:3000' } });
  expect([read.status, read.headers.get('x-amzn-errortype')]).toEqual([403, 'MissingAuthenticationTokenException']);
  const refused = await send({ method: 'OPTIONS', headers: { origin: 'https://attacker.example' } });
  expect([refused.status, await refused.json(), Object.fromEntries(refused.headers)]).toMatchObject([
    403,
    {
      message: 'The origin "https://attacker.example" of this request is not allowed. To allow it, set the option '
        + 'allowedOrigins (--allowed-origin)',
    },
    { 'content-type': 'application/json', 'connection': 'close' },
  ]);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
});
