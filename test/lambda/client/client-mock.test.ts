/** aws-sdk-client-mock replaces the calls of the client, as it replaces the calls of the SDK. */
import { mockClient } from 'aws-sdk-client-mock';
import { ROOM } from './inputs';
import { CreateChatTokenCommand, GetRoomCommand, IvschatClient } from '../../../lambda/client';

const token = new CreateChatTokenCommand({ roomIdentifier: ROOM, userId: 'ada' });

test('a mocked class returns the outputs and errors of the test', async () => {
  const mock = mockClient(IvschatClient);
  mock.on(CreateChatTokenCommand, { userId: 'ada' }).resolves({ token: 'token' });
  mock.on(GetRoomCommand).rejects('no room');
  // @ts-expect-error an unknown member of the output
  mock.on(CreateChatTokenCommand).resolves({ color: 'red' });

  const client = new IvschatClient({ region: 'us-west-2' });
  expect(await client.send(token)).toEqual({ color: 'red' }); // The last behavior takes precedence.
  await expect(client.send(new GetRoomCommand({ identifier: ROOM }))).rejects.toThrow('no room');
  expect(mock.commandCalls(CreateChatTokenCommand)[0]!.args[0].input).toEqual(token.input);
  mock.restore();
});

test('a mocked object returns the output of the test', async () => {
  const client = new IvschatClient({ region: 'us-west-2' });
  mockClient(client).on(CreateChatTokenCommand, { userId: 'ada' }).resolves({ token: 'token' });
  expect(await client.send(token)).toEqual({ token: 'token' });
});
