import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws, elements } from '../../verify/aws';
import { documented } from '../../verify/documented';
import type { Kit } from '../../verify/kit';
import { asking, outcome, type Probe } from '../../verify/probe';
import { probes } from '../../verify/probes';
import { redactor, writeReport, type Report } from '../../verify/report';
import { described, percentile, statistics } from '../../verify/statistics';
import { localTarget, type Target } from '../../verify/target';
import { verify } from '../../verify/verify';

const root = join(__dirname, '..', '..');

jest.setTimeout(240_000);

async function list(target: Target, path: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await new Aws(target).send('ivschat', path, { method: 'POST', body: '{}', headers });
  return response.json();
}

describe('all probes on the local services', () => {
  const lines: string[] = [];
  let target: Target;
  let report: Report;
  beforeAll(async () => {
    target = await localTarget();
    const { signal } = new AbortController();
    report = await verify(target, probes, { creates: 5, signal, say: (line) => lines.push(line) });
  });
  afterAll(() => target?.close());
  const rowOf = (id: string) => report.rows.find((row) => row.id === id)!;

  test('every probe runs to its end, and no assumption differs', () => {
    expect(report.rows.filter(({ ran, verdict }) => !ran || verdict === 'differs')).toEqual([]);
    expect(report.rows.map(({ id }) => id)).toEqual(expect.arrayContaining(probes.map(({ id }) => id)));
    expect(report.passed).toBe(true);
  });

  test('a question that only AWS can answer is not measured, with a reason, although its probe runs', () => {
    for (const { id, onlyOnAws } of probes) {
      if (onlyOnAws) {
        expect(rowOf(id)).toMatchObject({
          id,
          verdict: 'not measured',
          ran: true,
          why: `NOT MEASURED LOCALLY: ${onlyOnAws}`,
          seen: expect.stringMatching(/\d/),
        });
      } else {
        expect(rowOf(id)).toMatchObject({ id, verdict: 'holds' });
      }
    }
  });

  test('the report shows the statuses and the requests of a retried create', () => {
    const { seen } = rowOf('no-rollback');
    expect(seen).toMatch(/^CREATE_IN_PROGRESS, CREATE_FAILED, (CREATE|UPDATE)_IN_PROGRESS, /);
    expect(seen).toMatch(/; requests: Create FAILED, (Create|Update) SUCCESS/);
  });

  test('the run leaves no stack, no room, no logging configuration and no bucket', async () => {
    expect(report.left).toEqual([]);
    const aws = new Aws(target);
    expect(await aws.query('cloudformation', 'DescribeStacks')).not.toContain('<StackName>');
    expect(await list(target, '/ListRooms')).toEqual({ rooms: [] });
    expect(await list(target, '/ListLoggingConfigurations')).toEqual({ loggingConfigurations: [] });
    await expect(aws.s3('GET', `/${report.run}-assets?list-type=2`)).rejects.toThrow('does not exist');
  });

  test('the output and the files have no credentials and no account id, and the Markdown is marked as local', () => {
    const folder = mkdtempSync(join(tmpdir(), 'verify-report-'));
    const texts = [lines.join('\n'), ...writeReport(report, folder).map((path) => readFileSync(path, 'utf8'))];
    rmSync(folder, { recursive: true });
    for (const text of texts) {
      for (const secret of [...Object.values(target.credentials), target.accountId]) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/\b(AKIA|ASIA)[A-Z0-9]{8}/);
      expect(text).toContain(`XXXXXXXX${target.accountId.slice(-4)}`);
    }
    expect(texts[2]).toContain('THIS RUN SAYS NOTHING ABOUT AWS');
    expect(lines.every((line) => /^\[ *\d+\.\d s\] /.test(line))).toBe(true);
  });
});

describe('a run with failures', () => {
  let target: Target;
  beforeAll(async () => {
    target = await localTarget();
  });
  afterAll(() => target?.close());
  const made = (id: string, run: Probe['run']): Probe => ({ id, group: 'Test', question: id, assumes: 'nothing', run });
  const roomsLeft = () => list(target, '/ListRooms');
  const run = (table: Probe[], ending = new AbortController()) =>
    verify(target, table, { creates: 1, signal: ending.signal, say() {} });

  test('a failed probe does not stop the other probes, the run does not pass, and everything is removed', async () => {
    const report = await run([
      made('fails', async (kit) => {
        await kit.createRoom();
        throw new Error(`no answer for ${kit.target.credentials.secretAccessKey}`);
      }),
      made('differs', async () => ({ seen: '2', holds: false })),
      made('asserts', async () => assert.fail('one is not two')),
      made('holds', async () => 'fine'),
    ]);
    expect(report.rows.slice(0, 4)).toMatchObject([
      { verdict: 'not measured', ran: false, why: 'the probe failed: no answer for [redacted]' },
      { verdict: 'differs', ran: true },
      { verdict: 'differs', ran: true, seen: 'one is not two' },
      { verdict: 'holds', ran: true },
    ]);
    expect(report.passed).toBe(false);
    expect(await roomsLeft()).toEqual({ rooms: [] });
  });

  test.each<[string, Probe['run'], boolean]>([
    ['fails', async () => { throw new Error('no answer'); }, false],
    ['differs', async () => ({ seen: '2', holds: false }), false],
    ['asserts', async () => assert.fail('one is not two'), false],
    ['holds', async () => ({ seen: '1', holds: true }), true],
  ])('a probe that %s decides alone whether the run passes', async (id, probe, passed) => {
    const report = await run([made('first', async () => 'fine'), made(id, probe), made('last', async () => 'fine')]);
    expect(report).toMatchObject({ passed, left: [], isLocal: true, creates: 1, region: target.region });
  });

  test('an interrupted run starts no further probe, and removes everything', async () => {
    const ending = new AbortController();
    const later = jest.fn();
    const report = await run([
      made('interrupted', async (kit) => {
        await kit.createRoom();
        ending.abort();
        await kit.pause(60_000);
        return 'not reached';
      }),
      made('later', later),
    ], ending);
    expect(report.rows.slice(0, 2)).toMatchObject([{ ran: false }, { ran: false, why: 'the run was interrupted' }]);
    expect(later).not.toHaveBeenCalled();
    expect(await roomsLeft()).toEqual({ rooms: [] });
  });

  test('a stack that fails to deploy is removed', async () => {
    const report = await run([made('fails', async (kit) => {
      await kit.deploy({ stack: 'no-rollback', roomName: 'not a name' }, '--no-rollback');
      return 'not reached';
    })]);
    const why = expect.stringContaining('Name must contain only letters');
    expect(report.rows[0]).toMatchObject({ ran: false, why });
    expect(report.left).toEqual([]);
    expect(await new Aws(target).query('cloudformation', 'DescribeStacks')).not.toContain('<StackName>');
  });

  test('the report has a command for a resource that cannot be removed, and the run does not pass', async () => {
    const deleteRoom = new RegExp('^aws ivschat delete-room --identifier '
      + 'arn:aws:ivschat:us-west-2:\\$\\(aws sts .*\\):room/\\w{12} --region us-west-2$');
    const report = await run([made('holds', async (kit: Kit) => {
      await kit.createRoom();
      kit.client.deleteRoom = () => Promise.reject(new Error('refused'));
      return 'fine';
    })]);
    expect(report.left).toEqual([
      { what: expect.stringContaining('room arn:'), why: 'refused', command: expect.stringMatching(deleteRoom) },
    ]);
    expect(report.passed).toBe(false);
  });
});

describe('the command', () => {
  const command = (args: string[], environment: object) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'verify', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  test('refuses to run without a terminal and without --yes', () => {
    const { status, stdout, stderr } = command(['--local'], {});
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: expect.stringContaining('add --yes') });
  });

  test('refuses to run without credentials, and in a Region without Amazon IVS Chat', () => {
    expect(command(['--yes'], { AWS_REGION: 'us-west-2' })).toMatchObject({
      status: 1, stderr: expect.stringContaining('The environment has no credentials'),
    });
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(command(['--yes'], { ...keys, AWS_REGION: 'eu-north-1' })).toMatchObject({
      status: 1, stderr: expect.stringContaining('got "eu-north-1"'),
    });
  });
});

test('each documented row of undocumented behavior has a probe or a reason, and there are no other rows', () => {
  const page = readFileSync(join(root, 'docs', 'local-ivs-chat.md'), 'utf8');
  const section = /## Undocumented behavior of the service\n([\s\S]*?)\n## /.exec(page)![1]!;
  const rows = section.trim().split('\n').filter((row) => row.startsWith('|')).slice(2);
  const questions = rows.map((row) => row.split('|')[1]!.trim());
  expect(questions.length).toBeGreaterThan(10);
  expect(Object.keys(documented).sort()).toEqual(questions.sort());
  for (const answers of Object.values(documented)) {
    if ('notMeasured' in answers) expect(answers.notMeasured).not.toBe('');
    else expect(probes.map(({ id }) => id)).toEqual(expect.arrayContaining([...answers]));
  }
});

test('a probe holds only if the answer is the expected one', async () => {
  const probe = (answer: () => Promise<string>) => asking('Group', 'Source')('id', 'question', 'yes', answer);
  const kit = undefined as unknown as Kit;
  expect(probe(async () => 'yes')).toMatchObject({
    id: 'id', group: 'Group', question: 'question', assumes: 'Source: yes',
  });
  expect(await probe(async () => 'yes').run(kit)).toEqual({ seen: 'yes', holds: true });
  expect(await probe(async () => 'yes, but').run(kit)).toEqual({ seen: 'yes, but', holds: false });
  expect(await outcome(Promise.resolve('x'), 'status')).toBe('success');
  const error = Object.assign(new Error('x'), { name: 'Conflict', status: 409 });
  expect(await outcome(Promise.reject(error))).toBe('Conflict');
  expect(await outcome(Promise.reject(error), 'status', 'message')).toBe('Conflict, status 409, message x');
});

test('the report of a run on AWS that does not pass counts the verdicts, and names what is left', () => {
  const row = (verdict: Report['rows'][number]['verdict'], why?: string) =>
    ({ id: 'x', group: 'Group', question: 'a\n b', assumes: 'c|d', seen: 's'.repeat(700), verdict, why, ran: true });
  const report: Report = {
    started: '2026-01-01T00:00:00.000Z',
    seconds: 7,
    run: 'the-run',
    region: 'us-west-2',
    account: 'XXXXXXXX9012',
    isLocal: false,
    creates: 3,
    passed: false,
    rows: [row('holds'), row('differs'), row('differs'), row('not measured', 'why')],
    left: [{ what: 'room x', why: 'refused', command: 'aws delete' }],
  };
  const folder = mkdtempSync(join(tmpdir(), 'verify-report-'));
  const [json, markdown] = writeReport(report, folder).map((path) => readFileSync(path, 'utf8'));
  rmSync(folder, { recursive: true });
  expect(JSON.parse(json!)).toEqual(JSON.parse(JSON.stringify(report)));
  const cells = `| Group | a b | c\\|d | ${'s'.repeat(600)} |`;
  expect(markdown).toBe(`# Verification of cdk-ivs-chat on AWS

NOT PASSED: 1 hold, 2 differ, 1 not measured.

Run the-run, Region us-west-2, account XXXXXXXX9012, started 2026-01-01T00:00:00.000Z, 7 s, 3 rooms measured.

| | question | the code assumes | seen | verdict |
|---|---|---|---|---|
${cells} **holds** |
${cells} **differs** |
${cells} **differs** |
${cells} **not measured**: why |

## Left in the account

- room x: refused

  \`aws delete\`
`);
});

test('the redaction replaces each occurrence of the account ID, of the credentials and of any access key', () => {
  const redact = redactor({
    accountId: '123456789012',
    credentials: { accessKeyId: 'first', secretAccessKey: 'second', sessionToken: 'third' },
  });
  expect(redact('123456789012 first second third 123456789012 first second third ASIAABCDEFGHIJKLMNOP AKIA')).toBe(
    'XXXXXXXX9012 [redacted] [redacted] [redacted] XXXXXXXX9012 [redacted] [redacted] [redacted] [redacted] AKIA');
  const credentials = { accessKeyId: 'first', secretAccessKey: 'second', sessionToken: '' };
  expect(redactor({ accountId: '123456789012', credentials })('text')).toBe('text');
});

test('the elements of an XML response have the texts of their children', () => {
  const xml = '<list><member><Name>a &lt;&amp;gt; &quot;&apos;&#66;</Name><Empty></Empty></member>\n'
    + '<member>\n<Name>b</Name><Name>c</Name></member><members><Name>d</Name></members></list>';
  expect(elements(xml, 'member')).toEqual([{ Name: 'a <&gt; "\'B', Empty: '' }, { Name: 'c' }]);
  expect(elements('<list/>', 'member')).toEqual([]);
});

test('statistics are described in milliseconds', () => {
  expect(described(statistics([1.4, 3.6, 2]))).toBe('min 1 ms, median 2 ms, p99 4 ms, max 4 ms (n = 3)');
});

test('a percentile is the value at the nearest rank', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(statistics(values)).toEqual({ count: 200, minimum: 1, median: 100, p99: 198, maximum: 200 });
  expect([0, 0.5, 0.99, 1].map((share) => percentile([7], share))).toEqual([7, 7, 7, 7]);
  expect(percentile([3, 1, 2], 0.34)).toBe(2);
  expect(() => percentile([], 0.5)).toThrow('got none');
});
