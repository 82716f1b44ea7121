/** Random schedules of users, networks, token functions and a service with faults, on a virtual clock. */
import * as fc from 'fast-check';
import type { ChatMessage, ChatStatus } from '../../../front-end/session/chat-session';
import { SimulatedWorld, type SimulatedAction } from './simulation';

type TokenMode = 'issued' | 'failing' | 'refused' | 'silent';

const simple = [
  'join', 'join', 'leave', 'retry', 'offline', 'online', 'online', 'drop', 'closeCleanly', 'expireSession', 'kick',
  'other', 'other', 'other', 'send', 'send', 'send', 'resend', 'removeOther', 'throttle', 'loseRequest', 'loseResponse',
  'reject', 'silence',
] as const;
const action: fc.Arbitrary<SimulatedAction> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...simple).map((name) => ({ name })) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(0, 1, 10, 50, 200, 500, 1_000, 5_000, 10_000, 30_000, 120_000, 200_000)
      .map((milliseconds) => ({ name: 'advance' as const, milliseconds })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<TokenMode>('issued', 'issued', 'failing', 'refused', 'silent')
      .map((mode) => ({ name: 'tokens' as const, mode })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<'accepted' | 'refused' | 'silent'>('accepted', 'accepted', 'refused', 'silent')
      .map((mode) => ({ name: 'handshakes' as const, mode })),
  },
);

const visited = new Set<ChatStatus>();
const left = new Set<ChatStatus>();

/** Runs a schedule, then lets the network recover and everybody leave. Returns the broken promises. */
function problemsOf(actions: readonly SimulatedAction[], seed: number): string[] {
  let state = seed;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const world = new SimulatedWorld(random);
  for (const one of [{ name: 'join' } as const, ...actions]) {
    world.act(one);
    world.advance(1);
  }
  world.advance(45_000);
  const { problems, settled, sent, delivered } = world;
  for (const key of sent.keys()) if (!settled.has(key)) problems.push(`${key} is not settled`);

  const { messages } = world.core.snapshot();
  const shown = messages.filter((entry): entry is ChatMessage => entry.type === 'message');
  const ids = shown.flatMap(({ id }) => (id ? [id] : []));
  if (new Set(ids).size < ids.length) problems.push('the list has a message twice');
  if (new Set(delivered).size < delivered.length) problems.push('a message was delivered twice');
  if (new Set(messages.map(({ key }) => key)).size < messages.length) problems.push('two entries have one key');
  if (shown.some(({ status }) => status === 'sending')) problems.push('a message is being sent for ever');

  // After a recovery, each message since the first connection has arrived, unless a gap marks its time.
  world.act({ name: 'tokens', mode: 'issued' });
  world.act({ name: 'handshakes', mode: 'accepted' });
  for (const name of ['online', 'offline', 'online'] as const) {
    world.act({ name });
    world.advance(1);
  }
  world.act({ name: 'join' });
  world.act({ name: 'retry' });
  world.advance(60_000);
  if (world.status !== 'connected') problems.push(`the session does not recover: ${world.status}`);
  const before = delivered.length;
  world.act({ name: 'other' });
  world.advance(1_000);
  if (delivered.length !== before + 1) problems.push('a message after the recovery is lost');
  const gaps = world.core.snapshot().messages.flatMap((entry) => (entry.type === 'gap' ? [entry] : []));
  const arrived = new Set(delivered);
  for (const { id, time } of world.broadcast) {
    if (world.silentAt! <= time + 50) break;
    const isExpected = time >= world.connectedTimes[0]!.from;
    const isMarked = gaps.some(({ from, to }) => +from - 50 <= time && time <= +to);
    if (isExpected && !isMarked && !arrived.has(id)) problems.push(`${id} is lost without a gap`);
  }

  for (let count = 0; count < actions.length + 3; count++) world.act({ name: 'leave' });
  world.advance(1);
  if (world.openConnections) problems.push('a connection is open after the last leave');
  const { tokens } = world;
  world.advance(24 * 60 * 60_000);
  if (world.core.deadline() !== Infinity) problems.push('a timer is left');
  if (world.tokens !== tokens) problems.push('a chat token is requested after the last leave');
  world.visited.forEach((status) => visited.add(status));
  world.left.forEach((status) => left.add(status));
  return problems;
}

const schedules = process.env.LONG_TESTS ? 100_000 : 2_000;

test(`${schedules} random schedules break no promise`, () => {
  const actions = fc.array(action, { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(actions, fc.integer({ min: 1, max: 1e9 }), (schedule, seed) => {
    expect(problemsOf(schedule, seed)).toEqual([]);
  }), { numRuns: schedules });
  const all: ChatStatus[] = ['idle', 'connecting', 'connected', 'reconnecting', 'closed', 'kicked', 'refused'];
  expect([...visited]).toEqual(expect.arrayContaining(all.slice(1)));
  expect([...left]).toEqual(expect.arrayContaining(all));
}, 3_600_000);
