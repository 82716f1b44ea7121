import { Aws, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ChatRoom, LoggingConfiguration, LoggingDestination, type ChatRoomProps } from '../../src';
import { regions } from '../../src/contract/regions';
import { newStack, onlyResource, roomProperties } from './stack';

const SEVEN = 'ap-northeast-1, ap-northeast-2, ap-south-1, eu-central-1, eu-west-1, us-east-1, us-west-2';
const make = (region: string | undefined, props?: ChatRoomProps) => {
  const stack = newStack({ env: { region } });
  return { stack, room: new ChatRoom(stack, 'Lobby', props) };
};

test('Amazon IVS Chat is available in seven Regions', () => {
  expect(regions.join(', ')).toBe(SEVEN);
});

test.each([...regions])('a room can be in a stack in %s', (region) => {
  expect(make(region).room.env.region).toBe(region);
});

test.each(['eu-north-1', 'us-east-2', 'sa-east-1', 'mx-central-1', 'no-such-1'])('fails in a stack in %s', (region) => {
  expect(() => make(region)).toThrow(
    `Amazon IVS Chat is not available in the stack's Region "${region}";`
    + ` set \`region\` to one of ${SEVEN} (at Stack/Lobby)`,
  );
});

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['eusc-de-east-1', 'aws-eusc'],
])('fails in a stack in %s for any `region`', (region, partition) => {
  for (const props of [{}, { region: 'eu-west-1' }]) {
    expect(() => make(region, props)).toThrow(
      `Amazon IVS Chat is not available in the partition ${partition} of the stack's Region "${region}";`
      + ` deploy the stack to one of ${SEVEN} (at Stack/Lobby)`,
    );
  }
});

test('a room in an environment-agnostic stack has no Region', () => {
  const { stack } = make(undefined);
  expect(roomProperties(stack)).toEqual({});
});

test.each([
  'eu-north-1', undefined, 'us-east-1', 'eu-west-1',
])('a room in eu-west-1 can be in a stack in %s', (region) => {
  const { stack, room } = make(region, { region: 'eu-west-1' });
  expect(room.env.region).toBe('eu-west-1');
  expect(roomProperties(stack)).toEqual({ Region: 'eu-west-1' });
});

test.each(['eu-north-1', 'EU-WEST-1', 'eu-west', 'eu-west-1a', ''])('fails on the Region %j', (region) => {
  expect(() => make('eu-west-1', { region }))
    .toThrow(`\`region\` must be one of ${SEVEN}, got ${JSON.stringify(region)} (at Stack/Lobby)`);
});

test('fails on a logging configuration in another account, also if the Region of the stack is not known', () => {
  const stack = newStack({ env: { account: '999999999999' } });
  const arn = 'arn:aws:ivschat:eu-west-1:123456789012:logging-configuration/abcdefghijkl';
  const logging = LoggingConfiguration.fromLoggingConfigurationArn(stack, 'Logging', arn);
  expect(() => new ChatRoom(stack, 'Lobby', { loggingConfigurations: [logging] })).toThrow(
    'must be in the same account as Stack/Lobby (999999999999), got 123456789012');
});

test('a value of valueFromLookup that is not known yet can be the Region of one of two resources', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  const region = ssm.StringParameter.valueFromLookup(stack, '/chat/region');
  const pairs: [string | undefined, string | undefined][] = [[undefined, region], [region, undefined]];
  pairs.forEach(([ofLogging, ofRoom], index) => {
    const logging = new LoggingConfiguration(stack, `Logging${index}`, {
      region: ofLogging, destination: { bind: () => ({ logGroupName: 'chat' }) },
    });
    new ChatRoom(stack, `Lobby${index}`, { region: ofRoom, loggingConfigurations: [logging] });
  });
  Template.fromStack(stack).resourceCountIs('Custom::IVSChatRoom', 2);
});

test('fails on a token as the Region', () => {
  expect(() => make('eu-west-1', { region: Lazy.string({ produce: () => 'eu-west-1' }) }))
    .toThrow(`\`region\` must be known at synthesis, got a token; set it to one of ${SEVEN} (at Stack/Lobby)`);
});

test('a logging configuration can be in another Region than its stack', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-north-1' } });
  const logGroup = logs.LogGroup.fromLogGroupArn(
    stack, 'LogGroup', 'arn:aws:logs:eu-west-1:123456789012:log-group:chat',
  );
  const logging = new LoggingConfiguration(stack, 'Logging', {
    region: 'eu-west-1',
    destination: LoggingDestination.cloudWatchLogs(logGroup),
  });
  expect(logging.env.region).toBe('eu-west-1');
  expect(onlyResource(stack, 'Custom::IVSChatLoggingConfiguration').Properties).toMatchObject({ Region: 'eu-west-1' });
  new ChatRoom(stack, 'Lobby', { region: 'eu-west-1', loggingConfigurations: [logging] });
  expect(() => new ChatRoom(stack, 'Stage', { region: 'us-east-1', loggingConfigurations: [logging] }))
    .toThrow(
      'the logging configuration Stack/Logging must be in the same Region as Stack/Stage (us-east-1), got eu-west-1',
    );
});

test('a destination in a Region that is not known yet is accepted', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  const other = new Stack(stack, 'Other', { env: { region: Aws.REGION, account: Aws.ACCOUNT_ID } });
  const logGroup = logs.LogGroup.fromLogGroupName(other, 'LogGroup', 'chat');
  const destination = LoggingDestination.cloudWatchLogs(logGroup, { manageDeliveryPermissions: false });
  expect(() => new LoggingConfiguration(stack, 'Logging', { destination })).not.toThrow();
});

test('a logging configuration fails in a stack in an unsupported Region', () => {
  const stack = newStack({ env: { region: 'eu-north-1' } });
  const destination = LoggingDestination.cloudWatchLogs(new logs.LogGroup(stack, 'LogGroup'));
  expect(() => new LoggingConfiguration(stack, 'Logging', { destination })).toThrow(SEVEN);
});
