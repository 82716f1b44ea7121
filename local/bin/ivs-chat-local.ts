#!/usr/bin/env node
/** The command line of the local services. */
import './node-version.cjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceQuotas, startLocal } from '../index';
import { helpText, options, readOptions } from './command-line-options';

/** The environment variable with the command of npm. `npx` sets it to `exec`. */
const NPM_COMMAND = 'npm_command';
const PARENT_CHECK_MILLISECONDS = 250;

function fail(...messages: string[]): never {
  for (const message of messages) console.error(`ivs-chat-local: ${message}`);
  process.exit(1);
}

/** Prints a line to the standard error. The standard output has only the addresses. */
function printLine(...columns: (string | number | undefined)[]): void {
  process.stderr.write(`${columns.filter((column) => column !== undefined && column !== '').join(' ')}\n`);
}

async function main() {
  const { values, problems } = readOptions(process.argv.slice(2), process.env);
  if (problems.length) fail(...problems);
  if (values.help) return console.log(helpText());
  if (values.version) {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as {
      version: string;
    };
    return console.log(version);
  }

  const parentProcessId = process.ppid;
  const port = values.port ?? Number(options.port.default);
  const deployPort = values['deploy-port'] ?? Number(options['deploy-port'].default);
  const local = await startLocal({
    port,
    region: values.region,
    accountId: values.account,
    credentials: values.credentials,
    reviewHandler: values['review-handler'],
    verifySignatures: !values['any-credentials'],
    ivsChat: {
      host: values.host,
      stateFile: values['state-file'],
      quotas: values.quotas ? serviceQuotas : undefined,
      logFolder: values['log-folder'],
      allowedHosts: values['allowed-host'],
      allowedOrigins: values['allowed-origin'],
      onRequest({ operation, status, error, milliseconds }) {
        // A message review is recorded only if it fails. Without this line, the fallback result looks like the review.
        if (!values.verbose && operation !== 'MessageReview') return;
        printLine('ivschat', operation, status, error, milliseconds && `${Math.ceil(milliseconds)} ms`);
      },
    },
    deploy: {
      port: deployPort,
      allowUnknownResourceTypes: values['allow-unknown-resource-types'],
      upstream: values.upstream,
    },
    log: values.verbose
      ? (event) => {
        if (event.kind === 'function-output') printLine(`${event.functionName}:`, event.line);
        if (event.kind === 'request') printLine(event.service, event.operation, event.statusCode, event.errorCode);
      }
      : undefined,
  }).catch((error: Error & { code?: string; port?: number }) => {
    if (error.code !== 'EADDRINUSE') throw error;
    const name = error.port === port ? '--port' : '--deploy-port';
    fail(`port ${error.port} is taken. Choose another with ${name} N, or any free port with ${name} 0`);
  });
  // Some launchers send a signal twice. A second close has no effect.
  const end = () => void local.close().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  // A signal to npx can leave this process running, so it ends after npx. Without npx, the parent is a shell, which can
  // end before this process.
  if (process.env[NPM_COMMAND] === 'exec') {
    setInterval(() => {
      if (process.ppid !== parentProcessId) end();
    }, PARENT_CHECK_MILLISECONDS).unref();
  }

  const { controlPlane, messaging, deploy, issuer, console: webConsole, environment } = local;
  if (values.json) {
    return console.log(JSON.stringify({ controlPlane, messaging, deploy, issuer, console: webConsole, environment }));
  }
  console.log(`Control plane  ${controlPlane}
Messaging      ${messaging}
Deploy         ${deploy}
Token issuer   ${issuer}
Console        ${webConsole}

To use the AWS SDKs, the AWS CLI and the CDK CLI with these endpoints, run:

${Object.entries(environment).map(([name, value]) => `export ${name}=${value}`).join('\n')}

Press Ctrl-C to stop.`);
}

main().catch((error: Error) => fail(error.message));
