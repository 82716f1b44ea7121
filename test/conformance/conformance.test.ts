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

const installed = clientKinds.filter(({ missing }) => !missing);

describe.each(installed)('with $name', ({ name, start, isSlow, showsMembers }) => {
  const testUnlessSlow = isSlow && !isLong ? test.skip : test;
  if (isSlow && !isLong) {
    console.warn(`SKIPPED: some tests of ${name}, which needs a second per call. LONG_TESTS=1 runs all of them.`);
  }
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

  /** Calls an operation, and checks the output against the contract. */
  async function call(operation: string, input: object): Promise<Outcome> {
    const outcome = await client.call(operation, input);
    const { output: shape } = operations[operation]!;
    if (outcome.output && shape) expect(check(shape, outcome.output)).toEqual([]);
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
  /** Repeats the probe, because the real service is eventually consistent. The local service is strongly consistent. */
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
  /** The expected error, with the members that this client shows. */
  const error = (code: string, status: number, members: object = {}) =>
    ({ error: expect.objectContaining(showsMembers ? { name: code, status, ...members } : { name: code }) });
  const absent = () => `arn:aws:ivschat:${endpoint.region}:${rooms[0]!.split(':')[4]}:room/AAAAAAAAAAAA`;

  test('a room is created, read, updated, listed and deleted', async () => {
    const settings = { maximumMessageLength: 1, maximumMessageRatePerSecond: 100, tags: { team: 'chat' } };
    const created = await createRoom(settings);
    const { arn: identifier, id } = created;
    expect(created).toMatchObject({ name: run, ...settings });
    expect(identifier).toMatch(new RegExp(`^arn:aws:ivschat:${endpoint.region}:\\d{12}:room/${id}$`));
    await eventually(async () => expect(await succeed('GetRoom', { identifier })).toMatchObject(created));

    const updated = await succeed('UpdateRoom', { identifier, maximumMessageLength: 500 });
    expect(updated).toMatchObject({ ...created, maximumMessageLength: 500, updateTime: expect.any(String) });
    await eventually(async () => {
      const { rooms: listed } = await succeed('ListRooms', { name: run });
      expect(listed.map(({ arn }: { arn: string }) => arn)).toContain(identifier);
    });

    expect(await call('DeleteRoom', { identifier })).toEqual({ output: {} });
    const notFound = error('ResourceNotFoundException', 404, { resourceId: id, resourceType: 'ROOM' });
    await eventually(async () => expect(await call('GetRoom', { identifier })).toEqual(notFound));
  });

  testUnlessSlow('a room without settings has the documented defaults', async () => {
    expect(await createRoom()).toMatchObject({ maximumMessageLength: 500, maximumMessageRatePerSecond: 10 });
  });

  testUnlessSlow('tags with special characters are added, changed and removed', async () => {
    const { arn: resourceArn } = await createRoom({ tags: { old: '1', kept: '' } });
    const tags = { 'a b/c': 'x+y=z @:-_.', 'é': 'ü', 'kept': '2' };
    expect(await call('TagResource', { resourceArn, tags })).toEqual({ output: {} });
    expect(await call('UntagResource', { resourceArn, tagKeys: ['old', 'a b/c'] })).toEqual({ output: {} });
    await eventually(async () => {
      expect(await succeed('ListTagsForResource', { resourceArn })).toEqual({ tags: { é: 'ü', kept: '2' } });
    });
  });

  testUnlessSlow('an operation on a resource that does not exist is a ResourceNotFoundException', async () => {
    await createRoom();
    const [room, notFound] = [absent(), error('ResourceNotFoundException', 404)];
    const inputs: [string, object][] = [
      ['GetRoom', { identifier: room }],
      ['UpdateRoom', { identifier: room, name: 'x' }],
      ['CreateChatToken', { roomIdentifier: room, userId: 'u' }],
      ['SendEvent', { roomIdentifier: room, eventName: 'e' }],
      ['ListTagsForResource', { resourceArn: room }],
      ['GetLoggingConfiguration', { identifier: room.replace(':room/', ':logging-configuration/') }],
    ];
    for (const [operation, input] of inputs) {
      expect([operation, await call(operation, input)]).toEqual([operation, notFound]);
    }
  });

  testUnlessSlow('an input that violates a constraint is a ValidationException', async () => {
    const { arn: roomIdentifier } = await createRoom();
    const inputs: [string, object][] = [
      ['CreateRoom', { name: 'a b' }],
      ['CreateRoom', { name: 'x'.repeat(129) }],
      ['CreateRoom', { maximumMessageLength: 0 }],
      ['CreateRoom', { maximumMessageLength: 501 }],
      ['CreateRoom', { maximumMessageRatePerSecond: 101 }],
      ['GetRoom', { identifier: 'not-an-arn' }],
      ['CreateChatToken', { roomIdentifier, userId: 'u'.repeat(129) }],
      ['CreateChatToken', { roomIdentifier, userId: 'u', capabilities: ['VIEW_MESSAGE'] }],
      ['CreateChatToken', { roomIdentifier, userId: 'u', sessionDurationInMinutes: 181 }],
      ['SendEvent', { roomIdentifier, eventName: 'e'.repeat(101) }],
      ['DeleteMessage', { roomIdentifier, id: 'short' }],
      ['ListRooms', { maxResults: 51 }],
    ];
    const invalid = error('ValidationException', 400, { reason: expect.any(String) });
    for (const [operation, input] of isSlow ? inputs.slice(0, 4) : inputs) {
      expect([operation, input, await call(operation, input)]).toEqual([operation, input, invalid]);
    }
  });

  testUnlessSlow('the pages of a list have each resource once', async () => {
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

  testUnlessSlow('a logging configuration is created, read, updated, and deleted when no room uses it', async () => {
    const { bucketName } = endpoint;
    if (!bucketName) {
      return console.warn('SKIPPED: the logging configuration. Set IVS_CHAT_CONFORMANCE_BUCKET to a bucket for logs.');
    }

    const destinationConfiguration = { s3: { bucketName } };
    const created = await succeed('CreateLoggingConfiguration', { name: run, destinationConfiguration });
    const identifier = created.arn;
    await eventually(async () => {
      const read = await succeed('GetLoggingConfiguration', { identifier });
      expect(read).toMatchObject({ state: 'ACTIVE', name: run });
    });
    const updated = await succeed('UpdateLoggingConfiguration', { identifier, name: `${run}-2` });
    expect(updated).toMatchObject({ name: `${run}-2`, destinationConfiguration });

    const room = await createRoom({ loggingConfigurationIdentifiers: [identifier] });
    expect(await call('DeleteLoggingConfiguration', { identifier })).toEqual(error('ConflictException', 409));
    await succeed('UpdateRoom', { identifier: room.arn, loggingConfigurationIdentifiers: [] });
    const { loggingConfigurations } = await succeed('ListLoggingConfigurations', {});
    expect(loggingConfigurations.map(({ arn }: { arn: string }) => arn)).toContain(identifier);
    await eventually(async () => {
      expect(await call('DeleteLoggingConfiguration', { identifier })).toEqual({ output: {} });
    });
  });

  test('a token opens one connection, which receives its own messages and events of the control plane', async () => {
    const { arn: roomIdentifier } = await createRoom();
    const issued = await succeed('CreateChatToken', {
      roomIdentifier, userId: 'u', capabilities: ['SEND_MESSAGE'], attributes: { a: 'b' },
    });
    expect(Date.parse(issued.tokenExpirationTime) - Date.now()).toBeLessThan(70_000);
    const socket = new WebSocket(endpoint.messaging, issued.token);
    const frames: any[] = [];
    let wake = () => {};
    socket.on('message', (data) => {
      frames.push(JSON.parse(String(data)));
      wake();
    });
    const frame = async (nth: number) => {
      while (frames.length <= nth) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames[nth];
    };
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    expect(socket.protocol).toBe(issued.token);
    socket.send(JSON.stringify({ Action: 'SEND_MESSAGE', Content: 'Hi', RequestId: 'r' }));
    expect(await frame(0)).toMatchObject({
      Type: 'MESSAGE', RequestId: 'r', Content: 'Hi', Sender: { UserId: 'u', Attributes: { a: 'b' } },
    });

    const event = await succeed('SendEvent', { roomIdentifier, eventName: 'e', attributes: { a: 'b' } });
    expect(await frame(1)).toMatchObject({ Type: 'EVENT', EventName: 'e', Attributes: { a: 'b' } });
    expect(event.id).toMatch(/^[A-Za-z0-9]{12}$/);
    const { Id } = frames[0];
    await succeed('DeleteMessage', { roomIdentifier, id: Id, reason: 'why' });
    expect(await frame(2)).toMatchObject({
      EventName: 'aws:DELETE_MESSAGE', Attributes: { MessageID: Id, Reason: 'why' },
    });

    expect(await call('DisconnectUser', { roomIdentifier, userId: 'u', reason: 'bye' })).toEqual({ output: {} });
    await closed;
    const again = new WebSocket(endpoint.messaging, issued.token);
    await expect(new Promise((resolve, reject) => again.on('open', resolve).on('error', reject))).rejects.toThrow();
  });
});
