/** Runs the commands that the console copies. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import * as sdk from '@aws-sdk/client-ivschat';
import { commandsOf } from '../../../../local/ivs-chat/console/page/commands';
import type { ShownRequest } from '../../../../local/ivs-chat/console/console-update';
import { Fixture } from '../fixture';

let fixture: Fixture;
let roomArn: string;
beforeEach(async () => {
  fixture = await Fixture.start();
  roomArn = await fixture.createRoom({ tags: { team: 'x' } });
});
afterEach(() => fixture.end());

const has = (program: string) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`SKIPPED: ${program} is not installed, so the copied command is not run`);
    return false;
  }
};
const commands = (operation: string, input: object) =>
  commandsOf({ operation, input, region: 'us-west-2' } as ShownRequest, fixture.chat.controlPlane);
const run = async (command: string) => {
  const { accessKeyId, secretAccessKey } = fixture.chat.identities.administrator;
  const env = { ...process.env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_PAGER: '' };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env });
  return stdout ? JSON.parse(stdout) : {};
};
const inputs = (): [string, object, object][] => [
  ['GetRoom', { identifier: roomArn }, { arn: roomArn }],
  ['CreateRoom', { name: 'it-s', tags: { note: "Ada's room, $HOME" } }, { tags: { note: "Ada's room, $HOME" } }],
  ['ListTagsForResource', { resourceArn: roomArn }, { tags: { team: 'x' } }],
  ['TagResource', { resourceArn: roomArn, tags: { b: '2' } }, {}],
  ['UntagResource', { resourceArn: roomArn, tagKeys: ['team'] }, {}],
];

test('curl', async () => {
  if (!has('curl')) return;
  for (const [operation, input, output] of inputs()) {
    const { curl } = commands(operation, input);
    expect(curl === undefined).toBe(/tag/i.test(operation));
    if (curl) expect(await run(`${curl} --silent --fail`)).toMatchObject(output);
  }
}, 60_000);

test('the AWS CLI', async () => {
  if (!has('aws')) return;
  for (const [operation, input, output] of inputs()) {
    expect(await run(commands(operation, input)['AWS CLI'])).toMatchObject(output);
  }
  const { tags } = await fixture.client.send(new sdk.ListTagsForResourceCommand({ resourceArn: roomArn }));
  expect(tags).toEqual({ b: '2' });
}, 120_000);

test('the AWS SDK', async () => {
  for (const [operation, input, output] of inputs()) {
    const code = commands(operation, input)['AWS SDK']
      .replace(/import (\{.*\}).*\n/, 'const $1 = sdk;')
      .replace('await client', 'return client')
      .replace("region: 'us-west-2'", "region: 'us-west-2', credentials");
    // eslint-disable-next-line no-new-func
    const send = new Function('credentials', 'sdk', code);
    expect(await send(fixture.chat.identities.administrator, sdk)).toMatchObject(output);
  }
});
