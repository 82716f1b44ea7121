import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { check } from '../../src/contract/check';
import * as contract from '../../src/contract/generated/operations';
import type { Operation } from '../../src/contract/operation';
import { clientKinds, type ConformanceClient, type Outcome } from './clients';
import { conformanceEndpoint, type ConformanceEndpoint } from './endpoint';

const operations = contract as unknown as { [name: string]: Operation };
const run = `conformance-${randomBytes(5).toString('hex')}`;
let endpoint: ConformanceEndpoint;
beforeAll(async () => {
  endpoint = await conformanceEndpoint();
});
afterAll(() => endpoint.close());

for (const { name, missing } of clientKinds) if (missing) console.warn(`SKIPPED: ${name}: ${missing}`);

const isLong = process.env.LONG_TESTS !== undefined;

describe.each(clientKinds.filter(({ missing }) => !missing))('by $name', ({ name, start, isSlow, tellsMembers }) => {
  const testUnlessSlow = isSlow && !isLong ? test.skip : test;
  if (isSlow && !isLong) console.warn(`SKIPPED in part: ${name}, which takes a second a call; LONG_TESTS=1 runs all of it`);
  let client: ConformanceClient;
  let rooms: string[];
  beforeAll(() => {
    client = start(endpoint);
    rooms = [];
  });
  afterAll(async () => {
    for (const identifier of rooms) await client.call('DeleteRoom', { identifier });
    client.close();
  });
  jest.setTimeout(isSlow || process.env.IVS_CHAT_CONFORMANCE ? 180_000 : 20_000);

  /** Each answer is held against the contract as well. */
  async function call(operation: string, input: object): Promise<Outcome> {
    const outcome = await client.call(operation, input);
    if (outcome.output && operations[operation]!.output) expect(check(operations[operation]!.output!, outcome.output)).toEqual([]);
    return outcome;
  }
  const succeed = async (operation: string, input: object) => {
    const { output, error } = await call(operation, input);
    if (error) throw new Error(`${operation} failed: ${JSON.stringify(error)}`);
    return output;
  };
  const createRoom = async (input: object = {}) => {
    const room = await succeed('CreateRoom', { name: run, ...input });
    rooms.push(room.arn);
    return room;
  };
  /** The real service is consistent in the end, the local one at once. */
  async function eventually(probe: () => Promise<void>): Promise<void> {
    for (let attempt = 0; !endpoint.isLocal && attempt < 20; attempt++) {
      try {
        return await probe();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    return probe();
  }
  /** The members that an error has, as far as this client tells them. */
  const error = (code: string, status: number, members: object = {}) =>
    ({ error: expect.objectContaining(tellsMembers ? { name: code, status, ...members } : { name: code }) });
  const absent = () => `arn:aws:ivschat:${endpoint.region}:${rooms[0]!.split(':')[4]}:room/AAAAAAAAAAAA`;

  test('a room lives from CreateRoom to DeleteRoom', async () => {
    const created = await createRoom({ maximumMessageLength: 1, maximumMessageRatePerSecond: 100, tags: { team: 'chat' } });
    expect(created).toMatchObject({ name: run, maximumMessageLength: 1, maximumMessageRatePerSecond: 100, tags: { team: 'chat' } });
    expect(created.arn).toMatch(new RegExp(`^arn:aws:ivschat:${endpoint.region}:\\d{12}:room/${created.id}$`));
    await eventually(async () => expect(await succeed('GetRoom', { identifier: created.arn })).toMatchObject(created));
    expect(await succeed('UpdateRoom', { identifier: created.arn, maximumMessageLength: 500 })).toMatchObject({ ...created, maximumMessageLength: 500, updateTime: expect.any(String) });
    await eventually(async () => {
      const { rooms: listed } = await succeed('ListRooms', { name: run });
      expect(listed.map(({ arn }: { arn: string }) => arn)).toContain(created.arn);
    });
    expect(await call('DeleteRoom', { identifier: created.arn })).toEqual({ output: {} });
    await eventually(async () => expect(await call('GetRoom', { identifier: created.arn })).toEqual(error('ResourceNotFoundException', 404, { resourceId: created.id, resourceType: 'ROOM' })));
  });

  testUnlessSlow('a room without settings has those of the documentation', async () => {
    expect(await createRoom()).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 10 });
  });

  testUnlessSlow('tags are set, changed and removed, whatever characters they have', async () => {
    const { arn: resourceArn } = await createRoom({ tags: { old: '1', kept: '' } });
    expect(await call('TagResource', { resourceArn, tags: { 'a b/c': 'x+y=z @:-_.', 'é': 'ü', 'kept': '2' } })).toEqual({ output: {} });
    expect(await call('UntagResource', { resourceArn, tagKeys: ['old', 'a b/c'] })).toEqual({ output: {} });
    await eventually(async () => expect(await succeed('ListTagsForResource', { resourceArn })).toEqual({ tags: { é: 'ü', kept: '2' } }));
  });

  testUnlessSlow('what is not there is not found', async () => {
    await createRoom();
    const [room, notFound] = [absent(), error('ResourceNotFoundException', 404)];
    const inputs: [string, object][] = [
      ['GetRoom', { identifier: room }], ['UpdateRoom', { identifier: room, name: 'x' }], ['CreateChatToken', { roomIdentifier: room, userId: 'u' }],
      ['SendEvent', { roomIdentifier: room, eventName: 'e' }], ['ListTagsForResource', { resourceArn: room }],
      ['GetLoggingConfiguration', { identifier: room.replace(':room/', ':logging-configuration/') }],
    ];
    for (const [operation, input] of inputs) expect([operation, await call(operation, input)]).toEqual([operation, notFound]);
  });

  testUnlessSlow('what breaks a constraint is a ValidationException', async () => {
    const { arn } = await createRoom();
    const inputs: [string, object][] = [
      ['CreateRoom', { name: 'a b' }], ['CreateRoom', { name: 'x'.repeat(129) }], ['CreateRoom', { maximumMessageLength: 0 }], ['CreateRoom', { maximumMessageLength: 501 }],
      ['CreateRoom', { maximumMessageRatePerSecond: 101 }], ['GetRoom', { identifier: 'not-an-arn' }], ['CreateChatToken', { roomIdentifier: arn, userId: 'u'.repeat(129) }],
      ['CreateChatToken', { roomIdentifier: arn, userId: 'u', capabilities: ['VIEW_MESSAGE'] }], ['CreateChatToken', { roomIdentifier: arn, userId: 'u', sessionDurationInMinutes: 181 }],
      ['SendEvent', { roomIdentifier: arn, eventName: 'e'.repeat(101) }], ['DeleteMessage', { roomIdentifier: arn, id: 'short' }], ['ListRooms', { maxResults: 51 }],
    ];
    for (const [operation, input] of isSlow ? inputs.slice(0, 4) : inputs) {
      expect([operation, input, await call(operation, input)]).toEqual([operation, input, error('ValidationException', 400, { reason: expect.any(String) })]);
    }
  });

  testUnlessSlow('lists come in pages', async () => {
    const made = [await createRoom(), await createRoom(), await createRoom()].map(({ arn }) => arn);
    await eventually(async () => {
      const seen: string[] = [];
      let nextToken: string | undefined;
      do {
        const page: any = await succeed('ListRooms', { maxResults: 2, name: run, ...(nextToken ? { nextToken } : {}) });
        expect(page.rooms.length).toBeLessThanOrEqual(2);
        seen.push(...page.rooms.map(({ arn }: { arn: string }) => arn));
        nextToken = page.nextToken ?? page.NextToken;
      } while (nextToken);
      expect(seen).toEqual(expect.arrayContaining(made));
      expect(new Set(seen).size).toBe(seen.length);
    });
  });

  testUnlessSlow('a logging configuration lives, and is not deleted while a room has it', async () => {
    const { bucketName } = endpoint;
    if (!bucketName) return console.warn('SKIPPED: no IVS_CHAT_CONFORMANCE_BUCKET, so no logging configuration is made');
    const created = await succeed('CreateLoggingConfiguration', { name: run, destinationConfiguration: { s3: { bucketName } } });
    const identifier = created.arn;
    await eventually(async () => expect(await succeed('GetLoggingConfiguration', { identifier })).toMatchObject({ state: 'ACTIVE', name: run }));
    expect(await succeed('UpdateLoggingConfiguration', { identifier, name: `${run}-2` })).toMatchObject({ name: `${run}-2`, destinationConfiguration: { s3: { bucketName } } });
    const room = await createRoom({ loggingConfigurationIdentifiers: [identifier] });
    expect(await call('DeleteLoggingConfiguration', { identifier })).toEqual(error('ConflictException', 409));
    await succeed('UpdateRoom', { identifier: room.arn, loggingConfigurationIdentifiers: [] });
    const { loggingConfigurations } = await succeed('ListLoggingConfigurations', {});
    expect(loggingConfigurations.map(({ arn }: { arn: string }) => arn)).toContain(identifier);
    await eventually(async () => expect(await call('DeleteLoggingConfiguration', { identifier })).toEqual({ output: {} }));
  });

  test('a token opens one connection, over which a message comes back and what the control plane does is heard', async () => {
    const { arn: roomIdentifier } = await createRoom();
    const issued = await succeed('CreateChatToken', { roomIdentifier, userId: 'u', capabilities: ['SEND_MESSAGE'], attributes: { a: 'b' } });
    expect(Date.parse(issued.tokenExpirationTime) - Date.now()).toBeLessThan(70_000);
    const socket = new WebSocket(endpoint.messaging, issued.token);
    const frames: any[] = [];
    let wake = () => {};
    socket.on('message', (data) => {
      frames.push(JSON.parse(String(data)));
      wake();
    });
    const frame = async (nth: number) => {
      while (frames.length <= nth) await new Promise<void>((resolve) => {
        wake = resolve;
      });
      return frames[nth];
    };
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    expect(socket.protocol).toBe(issued.token);
    socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'Hi', RequestId: 'r' }));
    expect(await frame(0)).toMatchObject({ Type: 'MESSAGE', RequestId: 'r', Content: 'Hi', Sender: { UserId: 'u', Attributes: { a: 'b' } } });
    const event = await succeed('SendEvent', { roomIdentifier, eventName: 'e', attributes: { a: 'b' } });
    expect(await frame(1)).toMatchObject({ Type: 'EVENT', EventName: 'e', Attributes: { a: 'b' } });
    expect(event.id).toMatch(/^[A-Za-z0-9]{12}$/);
    await succeed('DeleteMessage', { roomIdentifier, id: frames[0].Id, reason: 'why' });
    expect(await frame(2)).toMatchObject({ EventName: 'aws:DELETE_MESSAGE', Attributes: { MessageID: frames[0].Id, Reason: 'why' } });
    expect(await call('DisconnectUser', { roomIdentifier, userId: 'u', reason: 'bye' })).toEqual({ output: {} });
    await closed;
    const again = new WebSocket(endpoint.messaging, issued.token);
    await expect(new Promise((resolve, reject) => again.on('open', resolve).on('error', reject))).rejects.toThrow();
  });
});
