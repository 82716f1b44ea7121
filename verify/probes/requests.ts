import type { Kit } from '../kit';
import type { Probe } from '../probe';
import { regions } from '../../src/contract/regions';

const group = 'Requests';

/** Sends a request that no client sends, and returns the status and the type of the error. */
async function answer(kit: Kit, path: string, body: string, contentType = 'application/json') {
  const response = await kit.aws.send('ivschat', path, { method: 'POST', body, headers: { 'content-type': contentType } });
  const text = await response.text();
  const type = (response.headers.get('x-amzn-errortype') ?? 'no error type').split(':')[0]!;
  return { status: response.status, type, seen: `${response.status} ${type} ${/"reason":"(\w+)"/.exec(text)?.[1] ?? ''}`.trim() };
}

const errorName = (work: Promise<unknown>) => work.then(() => 'success', ({ name }: Error) => name);

export const requests: readonly Probe[] = [
  {
    id: 'no-json',
    group,
    question: 'What is answered to a body that is not JSON, and to a path that is no operation?',
    assumes: 'local IVS Chat: ValidationException with reason OTHER, UNKNOWN_OPERATION',
    async run(kit) {
      const [body, path] = [await answer(kit, '/ListRooms', '{'), await answer(kit, '/NoOperation', '{}')];
      return { seen: `body: ${body.seen}; path: ${path.seen}`, holds: body.seen.endsWith('ValidationException OTHER') && path.seen.endsWith('ValidationException UNKNOWN_OPERATION') };
    },
  },
  {
    id: 'content-type',
    group,
    question: 'What is answered to another content type, and to a body that is too large?',
    assumes: 'local IVS Chat: 415, 413',
    async run(kit) {
      const type = await answer(kit, '/ListRooms', '{}', 'text/plain');
      const large = await answer(kit, '/ListRooms', JSON.stringify({ name: 'x'.repeat(300_000) }));
      return { seen: `content type: ${type.seen}; body: ${large.seen}`, holds: type.status === 415 && large.status === 413 };
    },
  },
  {
    id: 'other-account',
    group,
    question: 'What is answered for a room of another account?',
    assumes: 'local IVS Chat: AccessDeniedException',
    async run(kit) {
      const seen = await errorName(kit.client.getRoom({ identifier: kit.absentRoom({ account: '111122223333' }) }));
      return { seen: `${seen} for a room that does not exist either`, holds: seen === 'AccessDeniedException' };
    },
  },
  {
    id: 'other-region',
    group,
    question: 'What is answered for a room of another Region?',
    assumes: 'local IVS Chat: ResourceNotFoundException',
    async run(kit) {
      const region = regions.find((other) => other !== kit.target.region)!;
      const seen = await errorName(kit.client.getRoom({ identifier: kit.absentRoom({ region }) }));
      return { seen, holds: seen === 'ResourceNotFoundException' };
    },
  },
  {
    id: 'delete-unsent',
    group,
    question: 'Is the deletion of a message that was never sent accepted?',
    assumes: 'local IVS Chat: accepted',
    async run(kit) {
      const seen = await errorName(kit.client.deleteMessage({ roomIdentifier: await kit.createRoom(), id: 'AAAAAAAAAAAA' }));
      return { seen, holds: seen === 'success' };
    },
  },
];
