import type { Kit } from '../kit';
import type { Probe } from '../probe';
import { described, statistics } from '../statistics';
import { ASSUMPTIONS } from '../../lambda/custom-resource/timing';

const group = 'Rooms';
const always = 'the local service is consistent at once';

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
    const [notListed, notGot] = await Promise.all([delay(kit, async () => !(await isListed())), delay(kit, async () => !(await isGot()))]);
    visibility.listed.push(listed);
    visibility.got.push(got);
    visibility.notListed.push(notListed);
    visibility.notGot.push(notGot);
    if (number % Math.ceil(creates / 10) === 0) say(`  ${number} of ${creates} rooms`);
  }
  return visibility;
}

/** Returns the milliseconds until the first of two reads in a row that show the change. The pause respects 5 requests a second. */
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
  onlyOnAws: always,
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
  {
    id: 'tag-time',
    group,
    question: 'Does TagResource change updateTime?',
    assumes: 'rule of updates: no; a room was updated when updateTime says so',
    async run(kit) {
      const identifier = await kit.createRoom();
      const before = await kit.client.getRoom({ identifier });
      await kit.target.wait(1500, kit.options.signal);
      await kit.client.tagResource({ resourceArn: identifier, tags: { probe: 'yes' } });
      await kit.until('the tag is shown', async () => (await kit.client.getRoom({ identifier })).tags?.probe);
      const after = await kit.client.getRoom({ identifier });
      const moved = after.updateTime!.getTime() - before.updateTime!.getTime();
      return { seen: moved ? `yes, by ${moved} ms` : 'no', holds: moved === 0 };
    },
  },
  {
    id: 'unset-handler',
    group,
    question: 'Does GetRoom return messageReviewHandler when none is set?',
    assumes: 'local IVS Chat: absent',
    async run(kit) {
      const { messageReviewHandler } = await kit.client.getRoom({ identifier: await kit.createRoom() });
      return { seen: messageReviewHandler ? JSON.stringify(messageReviewHandler) : 'absent', holds: messageReviewHandler === undefined };
    },
  },
  {
    id: 'default-name',
    group,
    question: 'What is the name of a room that was created without one?',
    assumes: 'local IVS Chat: ""',
    async run(kit) {
      const { name } = await kit.client.getRoom({ identifier: await kit.createRoom({ name: undefined }) });
      return { seen: JSON.stringify(name) ?? 'absent', holds: name === '' };
    },
  },
  {
    id: 'partial-handler',
    group,
    question: 'Does an update of messageReviewHandler keep a member that it leaves out?',
    assumes: 'local IVS Chat: it keeps the member',
    async run(kit) {
      const uri = await kit.output('ReviewAlias');
      const identifier = await kit.createRoom({ messageReviewHandler: { uri, fallbackResult: 'DENY' } });
      await kit.client.updateRoom({ identifier, messageReviewHandler: { uri } });
      const onlyUri = (await kit.client.getRoom({ identifier })).messageReviewHandler;
      await kit.client.updateRoom({ identifier, messageReviewHandler: { fallbackResult: 'ALLOW' } });
      const onlyFallback = (await kit.client.getRoom({ identifier })).messageReviewHandler;
      const holds = onlyUri?.fallbackResult === 'DENY' && onlyFallback?.uri === uri && onlyFallback.fallbackResult === 'ALLOW';
      return { seen: `after uri alone: ${onlyUri?.fallbackResult}; after fallbackResult alone: ${onlyFallback?.uri ? 'the uri stays' : 'no uri'}`, holds };
    },
  },
];
