import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as sdk from '@aws-sdk/client-ivschat';
import { Fixture, type TestConnection } from './fixture';
import { CountingClock } from '../../counting-clock';
import { VirtualClock } from '../../../local/clock';
import type { LocalIvsChatOptions } from '../../../local/ivs-chat/local-ivs-chat';
import type { LogDestinations } from '../../../local/ivs-chat/chat-logs/log-destinations';

let folder: string;
let fixture: Fixture;
let sender: TestConnection;
let room: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivs-chat-logs-'));
});
afterEach(async () => {
  await fixture.end();
  rmSync(folder, { recursive: true });
});

async function start(destinations: sdk.DestinationConfiguration[], options: LocalIvsChatOptions = {}): Promise<void> {
  fixture = await Fixture.start({ logFolder: folder, ...options });
  const loggingConfigurationIdentifiers = [];
  for (const destinationConfiguration of destinations) {
    loggingConfigurationIdentifiers.push(
      (await fixture.client.send(new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration }))).arn!,
    );
  }
  room = await fixture.createRoom({ loggingConfigurationIdentifiers, maximumMessageRatePerSecond: 100 });
  sender = await fixture.connect(room, 'u', ['SEND_MESSAGE']);
}
const say = (Content: string) => sender.ask({ Action: 'SEND_MESSAGE', Content });
const files = () => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
  .sort();
const read = (file: string) => {
  const bytes = readFileSync(join(folder, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

test('messages and events are delivered to all three types of destinations in the documented format', async () => {
  const write = jest.spyOn(promises, 'writeFile');
  const rename = jest.spyOn(promises, 'rename');
  await start([
    { s3: { bucketName: 'my.logs' } },
    { cloudWatchLogs: { logGroupName: '/aws/vendedlogs/chat' } },
    { firehose: { deliveryStreamName: 'stream' } },
  ]);
  const message = await say('Hi');
  await fixture.client.send(new sdk.SendEventCommand({ roomIdentifier: room, eventName: 'e', attributes: { a: 'b' } }));
  const event = await sender.next();
  await fixture.chat.flushLogs();
  const id = room.split('/')[1];
  const [date, hour, minute] = [
    message.SendTime.slice(0, 10),
    message.SendTime.slice(11, 13),
    message.SendTime.slice(14, 16),
  ];
  const [group, stream, object, ...more] = files();
  expect(more).toEqual([]);
  expect(group).toBe(`cloudwatch-logs/%2Faws%2Fvendedlogs%2Fchat/aws/IVSChatLogs/1.0/room_${id}.log`);
  expect(stream).toBe(`firehose/stream/${date.replaceAll('-', '/')}/${hour}.json`);
  expect(object).toMatch(
    new RegExp(
      `^s3/my\\.logs/AWSLogs/123456789012/IVSChatLogs/1\\.0/us-west-2/room_${id}/${date.replaceAll('-', '/')}/${hour}/`
        + `123456789012_IVSChatLogs_1\\.0_us-west-2_room_${id}_${date.replaceAll('-', '')}T${hour}${minute}Z_`
        + '[0-9a-f]{8}\\.log\\.gz$',
    ),
  );
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const loggingConfigurations = (await fixture.state()).loggingConfigurations.map(({ arn }) => arn).reverse();
  expect([...(await fixture.state()).logDeliveries].reverse()).toEqual([
    object!.replace('s3/', 's3://'), `/aws/vendedlogs/chat aws/IVSChatLogs/1.0/room_${id}`, 'stream',
  ].map((destination, index) => ({
    time: expect.any(String),
    loggingConfigurationArn: loggingConfigurations[index],
    roomArn: room,
    destination,
    records: 2,
  })));
  // Another program never sees a part of an object.
  const [whole, part] = [join(folder, object!), join(folder, `${object}.part`)];
  expect([write.mock.calls.map(([path]) => path), rename.mock.calls]).toEqual([[part], [[part, whole]]]);
  for (const spy of [write, rename]) spy.mockRestore();
  expect(gunzipSync(readFileSync(join(folder, object!))).toString()).toMatch(/^\{.*\}\n\{.*\}\n$/);
  for (const file of [group!, stream!, object!]) {
    expect(read(file)).toEqual([
      { event_timestamp: time, type: 'MESSAGE', payload: message, version: '1.0' },
      { event_timestamp: time, type: 'EVENT', payload: event, version: '1.0' },
    ]);
  }
});

test('chat logs are delivered after the delay, and when the service closes', async () => {
  const clock = new CountingClock();
  await start([{ s3: { bucketName: 'logs' } }], { clock, logDelayMilliseconds: 300_000 });
  await say('one');
  clock.advance(299_999);
  expect((await fixture.state()).logDeliveries).toEqual([]);
  expect(files()).toEqual([]);
  clock.advance(1);
  await fixture.chat.flushLogs();
  expect(files()).toHaveLength(1);
  const timers = clock.pending.size;
  await say('early');
  expect(clock.pending.size).toBe(timers + 1);
  await fixture.chat.flushLogs();
  expect(clock.pending.size).toBe(timers); // the next message has the whole delay
  expect(files()).toHaveLength(2);
  await say('two');
  await fixture.chat.close();
  expect(files()).toHaveLength(3);
  expect(files().flatMap(read).map(({ payload }) => payload.Content).sort()).toEqual(['early', 'one', 'two']);
  fixture = await Fixture.start();
});

test('later deliveries continue the files, and each custom destination gets the same as the folder', async () => {
  const clock = new VirtualClock(Date.parse('2026-01-02T03:59:59.678Z'));
  const got: unknown[] = [];
  await start(
    [{ cloudWatchLogs: { logGroupName: 'group' } }, { firehose: { deliveryStreamName: 's' } }],
    {
      clock,
      verifySignatures: false,
      logDestinations: {
        putObject: () => {},
        putLogEvents: (_group, _stream, events) => { got.push(...events.map(({ timestamp }) => timestamp)); },
        putRecordBatch: (_stream, records) => {
          got.push(...records.map((record) => JSON.parse(record).event_timestamp));
        },
      },
    },
  );
  const id = room.split('/')[1];
  const first = await say('one');
  clock.advance(500);
  await say('two');
  clock.advance(499);
  expect((await fixture.state()).logDeliveries).toEqual([]);
  clock.advance(1); // a second after the first
  while ((await fixture.state()).logDeliveries.length < 2) await new Promise(setImmediate);
  expect(got).toEqual([
    clock.now() - 1000, clock.now() - 500, '2026-01-02T03:59:59.678Z', '2026-01-02T04:00:00.178Z',
  ]);
  expect((await fixture.state()).logDeliveries.map(({ time }) => time)).toEqual([
    '2026-01-02T04:00:00.678Z', '2026-01-02T04:00:00.678Z',
  ]);
  clock.advance(200);
  await say('three');
  clock.advance(999);
  expect((await fixture.state()).logDeliveries).toHaveLength(2);
  clock.advance(1);
  while ((await fixture.state()).logDeliveries.length < 4) await new Promise(setImmediate);
  const [logFile, ...streamFiles] = files();
  expect([logFile, ...streamFiles]).toEqual([
    `cloudwatch-logs/group/aws/IVSChatLogs/1.0/room_${id}.log`,
    'firehose/s/2026/01/02/03.json',
    'firehose/s/2026/01/02/04.json',
  ]);
  const texts = [logFile!, streamFiles[0]!].map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(texts[0]).toMatch(/^([^\n]+\n){3}$/);
  expect(texts[1]).toMatch(/^([^\n]+\n){2}$/);
  for (const records of [read(logFile!), streamFiles.flatMap(read)]) {
    expect(records.map(({ payload }) => payload.Content)).toEqual(['one', 'two', 'three']);
    expect(records[0].payload).toEqual(first);
  }
});

test('deliveries wait for the one before, and each room has its own', async () => {
  const clock = new VirtualClock();
  const got: string[] = [];
  let finish = () => {};
  const { promise } = { promise: new Promise<void>((resolve) => (finish = resolve)) };
  await start([{ s3: { bucketName: 'updating' } }, { firehose: { deliveryStreamName: 's' } }], {
    clock,
    logFolder: undefined,
    logDelayMilliseconds: 0,
    transitionMilliseconds: 5000,
    logDestinations: {
      putObject: () => { got.push('object'); },
      putLogEvents: () => {},
      putRecordBatch: async (_stream, records) => {
        const [{ payload }] = records.map((record) => JSON.parse(record));
        if (payload.EventName === 'first') await promise;
        got.push(`${payload.EventName} ${records.length}`);
      },
    },
  });
  const { call, flushLogs } = fixture.chat;
  clock.advance(5000);
  const { loggingConfigurationIdentifiers } = await call('GetRoom', { identifier: room });
  await call('UpdateLoggingConfiguration', { identifier: loggingConfigurationIdentifiers[0], name: 'updating' });
  const { arn: other } = await call('CreateRoom', { loggingConfigurationIdentifiers });
  await call('SendEvent', { roomIdentifier: room, eventName: 'first' });
  clock.advance(0); // the delay is over
  await call('SendEvent', { roomIdentifier: room, eventName: 'second' });
  await call('SendEvent', { roomIdentifier: other, eventName: 'other' });
  const flushed = flushLogs();
  await new Promise(setImmediate);
  expect(got).toEqual([]);
  finish();
  await flushed;
  expect(got).toEqual(['first 1', 'second 1', 'other 1']);
  expect((await fixture.state()).logDeliveries.map(({ roomArn }) => roomArn)).toEqual([other, room, room]);
});

test('a thousand records are delivered without the delay, and the console shows 100 deliveries', async () => {
  const clock = new VirtualClock();
  await start([{ firehose: { deliveryStreamName: 's' } }], { clock });
  const { call, flushLogs } = fixture.chat;
  const setTimer = jest.spyOn(clock, 'setTimeout');
  const event = { roomIdentifier: room, eventName: 'e' };
  for (let count = 0; count < 999; count++) await call('SendEvent', event);
  expect(setTimer).toHaveBeenCalledTimes(1);
  expect((await fixture.state()).logDeliveries).toEqual([]);
  await call('SendEvent', event);
  while ((await fixture.state()).logDeliveries.length < 1) await new Promise(setImmediate);
  expect((await fixture.state()).logDeliveries).toMatchObject([{ records: 1000 }]);
  for (let count = 0; count < 100; count++) {
    await call('SendEvent', event);
    await flushLogs();
  }
  expect((await fixture.state()).logDeliveries.map(({ records }) => records)).toEqual(Array(100).fill(1));
});

test('only rooms with an ACTIVE logging configuration are logged, including moderation events', async () => {
  await start([]);
  await say('not logged');
  const { arn } = await fixture.client.send(
    new sdk.CreateLoggingConfigurationCommand({ destinationConfiguration: { firehose: { deliveryStreamName: 's' } } }),
  );
  await fixture.client.send(new sdk.UpdateRoomCommand({ identifier: room, loggingConfigurationIdentifiers: [arn!] }));
  await fixture.client.send(new sdk.DeleteMessageCommand({ roomIdentifier: room, id: 'AAAAAAAAAAAA', reason: 'why' }));
  await fixture.chat.flushLogs();
  expect(files().flatMap(read).map(({ payload }) => payload.EventName)).toEqual(['aws:DELETE_MESSAGE']);
});

test('a logging configuration in the state CREATING does not log', async () => {
  const clock = new VirtualClock();
  await start([{ firehose: { deliveryStreamName: 's' } }], { clock, transitionMilliseconds: 5000 });
  await say('too early');
  clock.advance(5000);
  await say('in time');
  await fixture.chat.flushLogs();
  expect(files().flatMap(read).map(({ payload }) => payload.Content)).toEqual(['in time']);
});

test('the files of a destination stay in the folder', async () => {
  await start([
    { cloudWatchLogs: { logGroupName: '../../escape' } },
    { firehose: { deliveryStreamName: '..' } },
    { cloudWatchLogs: { logGroupName: '..' } },
  ]);
  await say('Hi');
  await fixture.chat.flushLogs();
  expect(files().map((file) => file.split('/').slice(0, 2).join('/'))).toEqual([
    'cloudwatch-logs/%2E%2E',
    'cloudwatch-logs/..%2F..%2Fescape',
    'firehose/%2E%2E',
  ]);
});

test('custom destinations receive all records, and a failure is logged without any other effect', async () => {
  const got: unknown[] = [];
  const told: unknown[] = [];
  const logDestinations: LogDestinations = {
    putObject: async () => { throw new Error('NoSuchBucket'); },
    putLogEvents: async (group, stream, events) => {
      got.push([
        group,
        stream,
        events.map(({ timestamp, message }) => [typeof timestamp, JSON.parse(message).payload.Content]),
      ]);
    },
    putRecordBatch: (stream, records) => {
      got.push([stream, records.length]);
      return Promise.reject('no error'); // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors
    },
  };
  await start(
    [
      { s3: { bucketName: 'gone' } },
      { cloudWatchLogs: { logGroupName: 'group' } },
      { firehose: { deliveryStreamName: 's' } },
    ],
    {
      logDestinations,
      onRequest: (request) => {
        if (request.operation === 'LogDelivery') told.push(request);
      },
    },
  );
  await say('Hi');
  await fixture.chat.flushLogs();
  expect(got).toEqual([['group', `aws/IVSChatLogs/1.0/room_${room.split('/')[1]}`, [['number', 'Hi']]], ['s', 1]]);
  expect(files().map((file) => file.split('/')[0])).toEqual(['cloudwatch-logs', 'firehose', 's3']); // come first
  const { logDeliveries } = await fixture.state();
  expect(logDeliveries.map(({ error, records }) => [error, records])).toEqual([
    ['the destination failed', 1], [undefined, 1], ['NoSuchBucket', 1],
  ]);
  expect(told).toEqual([logDeliveries[2]!, logDeliveries[0]!].map(({ time, error, loggingConfigurationArn }) =>
    ({ time, requestId: '', operation: 'LogDelivery', status: 0, error, caller: loggingConfigurationArn })));
});
