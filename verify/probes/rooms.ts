import type { Kit } from '../kit';
import { asking, type Probe } from '../probe';
import { described, statistics } from '../statistics';
import { ASSUMPTIONS } from '../../lambda/custom-resource/timing';

const group = 'Rooms';
const ask = asking(group, 'local IVS Chat');

interface Visibility {
  readonly listed: number[];
  readonly got: number[];
  readonly notListed: number[];
  readonly notGot: number[];
}

/** Creates and deletes rooms one after another, and measures when reads show each change. */
async function measured(kit: Kit): Promise<Visibility> {
  const { client, options: { creates, say } } = kit;
  const visibility: Visibility = { listed: [], got: [], notListed: [], notGot: [] };
  for (let number = 1; number <= creates; number++) {
    const name = `${kit.run}-${number}`;
    const identifier = await kit.createRoom({ name });
    const isListed = async () => (await client.listRooms({ name })).rooms!.some(({ arn }) => arn === identifier);
    const isGot = async () => client.getRoom({ identifier }).then(() => true, (error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
      return false;
    });
    const [listed, got] = await Promise.all([delay(kit, isListed), delay(kit, isGot)]);
    await client.deleteRoom({ identifier });
    const [notListed, notGot] = await Promise.all([
      delay(kit, async () => !(await isListed())),
      delay(kit, async () => !(await isGot())),
    ]);
    kit.rooms.delete(identifier);
    visibility.listed.push(listed);
    visibility.got.push(got);
    visibility.notListed.push(notListed);
    visibility.notGot.push(notGot);
    if (number % Math.ceil(creates / 10) === 0) say(`  ${number} of ${creates} rooms`);
  }
  return visibility;
}

/**
 * Returns the milliseconds until the first of two consecutive reads that show the change. The pause keeps the quota of
 * 5 requests per second.
 */
async function delay(kit: Kit, isShown: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  let first: number | undefined;
  for (;;) {
    const asked = performance.now() - start;
    const shown = await isShown();
    if (shown && first !== undefined) return first;
    first = shown ? asked : undefined;
    if (asked > 60_000) throw new Error('a change of a room was not shown within 60 s');
    await kit.pause(250);
  }
}

const visibility = (id: string, question: string, delays: (of: Visibility) => number[]): Probe => ({
  id,
  group,
  question,
  assumes: `ASSUMPTIONS.readLag: at most ${ASSUMPTIONS.readLag} ms`,
  onlyOnAws: 'the local service is strongly consistent',
  async run(kit) {
    const seen = statistics(delays(await kit.once('visibility', () => measured(kit))));
    return { seen: described(seen), holds: seen.maximum <= ASSUMPTIONS.readLag };
  },
});

export const rooms: readonly Probe[] = [
  visibility('listed', 'How long until ListRooms shows a new room?', ({ listed }) => listed),
  visibility('got', 'How long until GetRoom shows a new room?', ({ got }) => got),
  visibility('not-listed', 'How long does ListRooms show a deleted room?', ({ notListed }) => notListed),
  visibility('not-got', 'How long does GetRoom show a deleted room?', ({ notGot }) => notGot),
  ask('tag-time', 'Does TagResource change updateTime?', 'no', async (kit) => {
    const identifier = await kit.createRoom();
    const before = await kit.client.getRoom({ identifier });
    await kit.pause(1500);
    await kit.client.tagResource({ resourceArn: identifier, tags: { probe: 'yes' } });
    await kit.until('the tag is shown', async () => (await kit.client.getRoom({ identifier })).tags?.probe);
    const moved = (await kit.client.getRoom({ identifier })).updateTime!.getTime() - before.updateTime!.getTime();
    return moved ? `yes, by ${moved} ms` : 'no';
  }),
  ask('unset-handler', 'What is messageReviewHandler of a room without a handler?', 'absent', async (kit) => {
    const { messageReviewHandler } = await kit.client.getRoom({ identifier: await kit.createRoom() });
    return JSON.stringify(messageReviewHandler) ?? 'absent';
  }),
  ask('default-name', 'What is the name of a room that was created without one?', '""', async (kit) => {
    const { name } = await kit.client.getRoom({ identifier: await kit.createRoom({ name: undefined }) });
    return JSON.stringify(name) ?? 'absent';
  }),
  ask('partial-handler', 'Does an update of messageReviewHandler keep a member that it leaves out?',
    'DENY is kept, the uri is kept',
    async (kit) => {
      const uri = await kit.output('ReviewAlias');
      const identifier = await kit.createRoom({ messageReviewHandler: { uri, fallbackResult: 'DENY' } });
      await kit.client.updateRoom({ identifier, messageReviewHandler: { uri } });
      const onlyUri = (await kit.client.getRoom({ identifier })).messageReviewHandler;
      await kit.client.updateRoom({ identifier, messageReviewHandler: { fallbackResult: 'ALLOW' } });
      const onlyFallback = (await kit.client.getRoom({ identifier })).messageReviewHandler;
      const keptUri = onlyFallback?.uri === uri ? 'the uri is kept' : 'the uri is removed';
      return `${onlyUri?.fallbackResult} is kept, ${keptUri}`;
    }),
];
