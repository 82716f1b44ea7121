import { App, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { ADOPTED_ARN, POLICY_STACK_UUID } from './permissions';
import { ChatRoom, LoggingConfiguration, LoggingDestination } from '../../../../src';
import { providerPolicies } from '../../../src/provider-policy';

/** Returns the policies of the provider of a stack with a room, an adopted room and a logging configuration. */
export function providerPolicy(): string {
  const [region, accountId] = ['us-west-2', '123456789012'];
  const stack = new Stack(new App({ analyticsReporting: false }), 'chat', { env: { account: accountId, region } });
  new ChatRoom(stack, 'Room');
  new ChatRoom(stack, 'Moved', { existingRoom: ChatRoom.fromRoomArn(stack, 'Existing', ADOPTED_ARN) });
  const logGroup = new logs.LogGroup(stack, 'LogGroup');
  new LoggingConfiguration(stack, 'Logging', { destination: LoggingDestination.cloudWatchLogs(logGroup) });
  const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/chat/${POLICY_STACK_UUID}`;
  return JSON.stringify(providerPolicies(stack, { accountId, region, stackId }));
}
