/** The data of the console pages in the tests. */
import * as sdk from '@aws-sdk/client-ivschat';
import { VirtualClock } from '../../../../local/clock';
import type { ConsoleUpdate } from '../../../../local/ivs-chat/console/console-update';
import type { ConsoleData } from '../../../../local/ivs-chat/console/page/live-console';
import { failure, Fixture } from '../fixture';

/** The time of the service. */
export const time = '1970-01-01T00:01:00.000Z';
export const uri = 'arn:aws:lambda:us-west-2:123456789012:function:LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ:live';

/** Returns the first update of a service after a typical minute. The IDs of its rooms are lobby and plain. */
export async function typicalUpdate(): Promise<ConsoleUpdate> {
  const clock = new VirtualClock(0);
  let bytes = 0;
  const fixture = await Fixture.start({
    clock,
    random: (size) => Uint8Array.from({ length: size }, () => bytes++), // no ID can match a search by accident
    verifySignatures: false,
    invokeFunction: async (_arn, { Content }) => ({ ReviewResult: Content === 'spam' ? 'DENY' : 'ALLOW', Content }),
    logDestinations: {
      putObject: () => {}, putLogEvents: () => { throw new Error('NoSuchGroup'); }, putRecordBatch: () => {},
    },
  });
  const { call, faults, flushLogs } = fixture.chat;
  const logging = async (name: string, destinationConfiguration: object) =>
    (await call('CreateLoggingConfiguration', { name, destinationConfiguration })).arn as string;
  const group = await logging('archive', { cloudWatchLogs: { logGroupName: 'group' } });
  const stream = await logging('', { firehose: { deliveryStreamName: 'stream' } });
  const plain = await fixture.createRoom();
  const lobby = await fixture.createRoom({
    name: 'lobby',
    messageReviewHandler: { uri, fallbackResult: 'DENY' },
    maximumMessageLength: 280,
    maximumMessageRatePerSecond: 5,
    loggingConfigurationIdentifiers: [group, stream],
  });
  await fixture.token(lobby, 'late');
  clock.advance(60_000);
  const ada = await fixture.connect(lobby, 'ada', ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'], {
    attributes: { displayName: 'Ada' },
  });
  const bob = await fixture.connect(lobby, 'bob', [], { sessionDurationInMinutes: 3 });
  const { Id } = await ada.ask({ Action: 'SEND_MESSAGE', Content: 'hello' });
  await ada.ask({ Action: 'SEND_MESSAGE', Content: 'spam' });
  await ada.ask({ Action: 'DELETE_MESSAGE', Id, Reason: 'rude' });
  await ada.ask({ Action: 'DISCONNECT_USER', UserId: 'bob' });
  await bob.closed;
  await fixture.token(plain, 'carl');
  await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: plain.replace(/.{12}$/, 'AAAAAAAAAAAA') })));
  faults.add({ kind: 'throttle' });
  faults.add({ kind: 'latency', operation: 'SendEvent', times: 2, probability: 0.5 });
  await failure(fixture.createRoom());
  await flushLogs();
  const update = await fixture.firstUpdate();
  await fixture.end();
  const text = JSON.stringify(update).replaceAll(plain.slice(-12), 'plain').replaceAll(lobby.slice(-12), 'lobby')
    .replaceAll(group.slice(-12), 'group').replaceAll(stream.slice(-12), 'stream').replaceAll(Id, 'message')
    .replace(/"(milliseconds|p95)":[^,}]+/g, '"$1":7').replace(/"requestId":"[0-9a-f-]{36}"/g, '"requestId":"request"');
  return JSON.parse(text) as ConsoleUpdate;
}

export const stacks: ConsoleData['stacks'] = [
  {
    name: 'Chat',
    status: 'UPDATE_ROLLBACK_COMPLETE',
    statusReason: 'It failed',
    lastUpdated: time,
    outputs: [{ name: 'Url', value: 'http://127.0.0.1:8080/' }],
    resources: [
      { logicalId: 'Review', physicalId: 'review', type: 'AWS::Lambda::Function', status: 'CREATE_COMPLETE' },
      { logicalId: 'Lobby', physicalId: 'arn:x:room/lobby', type: 'Custom::Room', status: 'UPDATE_IN_PROGRESS' },
      { logicalId: 'Old', physicalId: 'old', type: 'AWS::S3::Bucket', status: 'DELETE_COMPLETE' },
      { logicalId: 'Room', type: 'Custom::Room', status: 'CREATE_FAILED', statusReason: 'no name' },
    ],
    events: [{ time, logicalId: 'Room', type: 'Custom::Room', status: 'CREATE_FAILED', statusReason: 'no name' }],
  },
  { name: 'Other', status: 'CREATE_COMPLETE', lastUpdated: time, outputs: [], resources: [], events: [] },
];
const logGroups = ['/aws/lambda/LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ', 'AccessLogGroup'];
export const logLines = logGroups.map((logGroupName, index) =>
  ({ id: String(index), time, logGroupName, message: `line ${index}` }));
