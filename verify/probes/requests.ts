import type { Kit } from '../kit';
import { asking, outcome } from '../probe';
import { regions } from '../../src/contract/regions';

const ask = asking('Requests', 'local IVS Chat');

/** Sends a request that no client would send, and returns the status, the type and the reason of the error. */
async function answer(kit: Kit, path: string, body: string, contentType = 'application/json') {
  const headers = { 'content-type': contentType };
  const response = await kit.aws.send('ivschat', path, { method: 'POST', body, headers });
  const type = (response.headers.get('x-amzn-errortype') ?? 'no error type').split(':')[0]!;
  const reason = /"reason":"(\w+)"/.exec(await response.text())?.[1] ?? 'without reason';
  return { status: response.status, type: `${type} ${reason}` };
}

export const requests = [
  ask('no-json', 'What is the response to a body that is not JSON, and to a path that is not an operation?',
    'ValidationException OTHER, ValidationException UNKNOWN_OPERATION',
    async (kit) => {
      const answers = [await answer(kit, '/ListRooms', '{'), await answer(kit, '/NoOperation', '{}')];
      return answers.map(({ type }) => type).join(', ');
    }),
  ask('content-type', 'What is the response to another content type, and to a body that is too large?', '415, 413',
    async (kit) => {
      const large = JSON.stringify({ name: 'x'.repeat(300_000) });
      const answers = [await answer(kit, '/ListRooms', '{}', 'text/plain'), await answer(kit, '/ListRooms', large)];
      return answers.map(({ status }) => status).join(', ');
    }),
  ask('other-account', 'Which error does GetRoom give for a missing room of another account?',
    'AccessDeniedException',
    async (kit) => outcome(kit.client.getRoom({ identifier: kit.absentRoom({ account: '111122223333' }) }))),
  ask('other-region', 'Which error does GetRoom give for a room of another Region?', 'ResourceNotFoundException',
    async (kit) => {
      const region = regions.find((other) => other !== kit.target.region);
      return outcome(kit.client.getRoom({ identifier: kit.absentRoom({ region }) }));
    }),
  ask('delete-unsent', 'Is the deletion of a message that was never sent accepted?', 'success',
    async (kit) => outcome(kit.client.deleteMessage({ roomIdentifier: await kit.createRoom(), id: 'AAAAAAAAAAAA' }))),
];
