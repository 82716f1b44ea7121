/**
 * `npx projen verify:aws` deploys a verification application to the AWS account of the credentials in the environment.
 * It checks the assumptions and the promises of the project there, removes everything, and writes verify-report.md and
 * verify-report.json.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { probes } from './probes';
import { redactor, writeReport } from './report';
import { awsTarget, localTarget, type Target } from './target';
import { verify } from './verify';

function plan(target: Target, creates: number): string {
  const { isLocal, accountId, region } = target;
  const place = isLocal
    ? 'on LOCAL services, which says nothing about AWS'
    : `in the account ${accountId}, Region ${region}`;
  return redactor(target)(`
This run verifies cdk-ivs-chat ${place}.

It creates the following, and removes everything at the end:
  - three CloudFormation stacks: 4 Amazon IVS Chat rooms, 3 logging configurations, 7 Lambda functions, their roles and
    log groups, 3 roles to assume, 1 S3 bucket, 1 Data Firehose stream, 1 CloudWatch Logs resource policy
  - ${creates} rooms, one after another, about 30 rooms for single questions, 6 logging configurations
  - 1 S3 bucket for the assets of the CDK CLI; the account need not be bootstrapped
All names begin with cdk-ivs-chat-verify-.

The estimated cost is less than 0.05 USD: about 200 chat messages, 500 short Lambda invocations, a few MB of logs and
objects. Rooms without messages cost nothing. The actual cost depends on the prices for the account.
${isLocal ? 'It takes about a minute.' : 'It takes about one hour. The credentials must be valid for two hours.'}
`);
}

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Continue? (yes/no) ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { yes: { type: 'boolean' }, local: { type: 'boolean' }, creates: { type: 'string' } },
  });
  const creates = Number(values.creates ?? (values.local ? 5 : 200));
  if (!Number.isInteger(creates) || creates < 1) {
    throw new Error(`--creates must be a positive integer, got ${values.creates}`);
  }
  if (!values.yes && !process.stdin.isTTY) {
    throw new Error('There is no terminal for the confirmation; add --yes to run without it');
  }

  const target = values.local ? await localTarget() : await awsTarget(process.env);
  try {
    console.log(plan(target, creates));
    if (!values.yes && !(await isConfirmed())) return 1;

    const ending = new AbortController();
    const interrupt = () => {
      console.log(ending.signal.aborted
        ? 'Still removing everything. Please wait.'
        : 'Interrupted. Removing everything. This takes minutes, and continues even if the prompt is back.');
      ending.abort();
    };
    // The removal continues after the terminal is closed.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
    const report = await verify(target, probes, { creates, signal: ending.signal, say: (line) => console.log(line) });
    for (const { what, why, command } of report.left) console.error(`NOT REMOVED: ${what}: ${why}\n  ${command}`);
    const paths = writeReport(report, process.cwd());
    console.log(`\n${report.passed ? 'PASSED' : 'NOT PASSED'}. Report: ${paths.join(', ')}`);
    return report.passed ? 0 : 1;
  } finally {
    await target.close();
  }
}

main().then((code) => {
  process.exitCode = code;
}, (error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
