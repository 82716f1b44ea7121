import type { Kit } from '../kit';
import type { Probe } from '../probe';
import { described, statistics } from '../statistics';
import { ASSUMPTIONS, CLOCK_TOLERANCE } from '../../lambda/custom-resource/timing';

const group = 'Views of CloudFormation';
const local = 'the local CloudFormation changes the status before it invokes the function';

interface Look {
  readonly type: string;
  readonly first: string;
  readonly status: string;
  readonly shown: boolean;
  readonly age: number;
  readonly distance: number;
  readonly older: number;
}

async function looks(kit: Kit): Promise<Look[]> {
  const logGroupName = await kit.output('RecorderLogs');
  await kit.pause(15_000); // CloudWatch Logs shows the last lines later
  const found = (await kit.logged(logGroupName)).filter(({ recorder, type }) => recorder && type !== 'Delete');
  if (found.length === 0) throw new Error('the recorders have logged nothing');
  return found;
}

export const clocks: readonly Probe[] = [
  {
    id: 'request-distance',
    group,
    question: 'How far is X-Amz-Date of the ResponseURL from LastUpdatedTimestamp of DescribeStackResource?',
    assumes: `CLOCK_TOLERANCE: at most ${CLOCK_TOLERANCE} ms either way`,
    onlyOnAws: local,
    async run(kit) {
      const all = await kit.once('looks', () => looks(kit));
      const found = all.filter(({ shown }) => shown);
      const unseen = all.filter(({ shown }) => !shown).map(({ type, status }) => `${type} still ${status}`);
      const distances = found.map(({ distance }) => distance);
      const never = unseen.length ? `; never shown within 10 s of the request: ${unseen.join(', ')}` : '';
      const seen = `${described(statistics(distances))}${never}`;
      const isTolerable = distances.every((distance) => Math.abs(distance) <= CLOCK_TOLERANCE);
      return { seen, holds: unseen.length === 0 && isTolerable };
    },
  },
  {
    id: 'status-age',
    group,
    question: 'How long after X-Amz-Date does DescribeStackResource first show the request?',
    assumes: `ASSUMPTIONS.statusLag: at most ${ASSUMPTIONS.statusLag} ms`,
    onlyOnAws: local,
    async run(kit) {
      const all = await kit.once('looks', () => looks(kit));
      const older = all.reduce((sum, look) => sum + look.older, 0);
      const ages = statistics(all.map(({ age }) => age));
      const first = [...new Set(all.map((look) => `${look.type} ${look.first}`))].join(', ');
      const seen = `${described(ages)}; older views after it: ${older}; first views: ${first}`;
      return { seen, holds: ages.maximum <= ASSUMPTIONS.statusLag };
    },
  },
];
