/** npm start: builds the library, and runs this example. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CdkFailure } from './cdk-cli';
import { Terminal, type StepProgress } from './terminal';

const HELP = `npm start -- [OPTIONS]

Deploys a chat to local services on this machine, and opens the chat page. It needs no AWS account.

  --once      Run a round trip without a person, and destroy the stack
  --no-open   Do not open the browser
  --verbose   Print the output of the CDK CLI
  -h, --help  Print this text`;

function readOptions() {
  const options = {
    'once': { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
    'verbose': { type: 'boolean', default: false },
    'help': { type: 'boolean', short: 'h', default: false },
  } as const;
  return parseArgs({ options }).values;
}

const parent = process.ppid;

async function main() {
  const { once, verbose, help, 'no-open': noOpen } = readOptions();
  if (help) return console.log(HELP);

  const terminal = new Terminal(process.stdout, { verbose });
  await terminal.step('Build the library', build);
  // This import comes after the build, which creates the modules of the library.
  const { runChat } = await import('./run-chat.js');
  await runChat(terminal, { once, noOpen, parent });
}

async function build({ summary }: StepProgress): Promise<void> {
  summary('a few seconds after a change of the sources');
  const buildMissing = join(__dirname, '..', '..', 'projenrc', 'build-missing.mjs');
  const child = spawn(process.execPath, [buildMissing, '--javascript'], { stdio: 'inherit' });
  const code = await new Promise((closed) => child.on('close', closed));
  if (code !== 0) process.exit(1); // The build has printed the reason.
  summary('');
}

main().catch((error: Error | CdkFailure) => {
  if (error.name === 'AbortError') return;
  // The step has printed the output of the CDK CLI, which is in the message.
  console.error(`\n${'summary' in error ? error.summary : error.message}`);
  process.exitCode = 1;
});
