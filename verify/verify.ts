import { AssertionError } from 'node:assert';
import { documentedRows } from './documented';
import { Kit, type KitOptions } from './kit';
import type { Probe, Row } from './probe';
import { redactor, type Report } from './report';
import type { Target } from './target';
import { tearDown } from './tear-down';

/** Runs the probes one after another, removes everything that they have created, and returns the report. */
export async function verify(target: Target, probes: readonly Probe[], options: KitOptions): Promise<Report> {
  const start = Date.now();
  const redact = redactor(target);
  const say = (line: string) => {
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    options.say(`[${seconds.padStart(7)} s] ${redact(line)}`);
  };
  const kit = new Kit(target, { ...options, say });
  const rows: Row[] = [];
  for (const probe of probes) {
    if (!options.signal.aborted) say(`${probe.group}: ${probe.question}`);
    const row = await rowOf(probe, kit);
    if (!options.signal.aborted) say(`  ${row.verdict}: ${row.seen}${row.why ? ` (${row.why})` : ''}`.split('\n')[0]!);
    rows.push(row);
  }
  say(`Removing everything named ${kit.run}*`);
  const left = await tearDown(kit);
  kit.close();
  const all = [...rows, ...documentedRows];
  return JSON.parse(redact(JSON.stringify({
    started: new Date(start).toISOString(),
    seconds: Math.round((Date.now() - start) / 1000),
    run: kit.run,
    region: target.region,
    account: target.accountId,
    isLocal: target.isLocal,
    creates: options.creates,
    passed: left.length === 0 && rows.every(({ ran, verdict }) => ran && verdict !== 'differs'),
    rows: all,
    left,
  } satisfies Report)));
}

async function rowOf({ id, group, question, assumes, onlyOnAws, run }: Probe, kit: Kit): Promise<Row> {
  const row = { id, group, question, assumes };
  if (kit.options.signal.aborted) {
    return { ...row, seen: '', verdict: 'not measured', why: 'the run was interrupted', ran: false };
  }
  try {
    const observation = await run(kit);
    const { seen, holds } = typeof observation === 'string' ? { seen: observation, holds: true } : observation;
    if (kit.target.isLocal && onlyOnAws) {
      return { ...row, seen, verdict: 'not measured', why: `NOT MEASURED LOCALLY: ${onlyOnAws}`, ran: true };
    }
    return { ...row, seen, verdict: holds ? 'holds' : 'differs', ran: true };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof AssertionError) return { ...row, seen: message, verdict: 'differs', ran: true };
    return { ...row, seen: '', verdict: 'not measured', why: `the probe failed: ${message}`, ran: false };
  }
}
