#!/usr/bin/env node
/** The command line of the local services. */
import './node-version.cjs';
import { parseArgs } from 'node:util';
import { startLocal } from '../index';

const usage = `Usage: ivs-chat-local [--port N] [--json]

Starts a local IVS Chat and an endpoint for the CDK CLI on 127.0.0.1, until Ctrl-C.

  --port N   the port of the control plane and of messaging (0 to 65535, default 0: any free port)
  --json     print only one line of JSON when the services are ready
  --help     print this help`;

function fail(message: string): never {
  console.error(`ivs-chat-local: ${message}`);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    fail(`${(error as Error).message.split('. ')[0]}; see ivs-chat-local --help`);
  }
}

async function main() {
  const { port: portText, json, help } = options();
  if (help) return console.log(usage);
  const port = Number(portText);
  if (!/^[0-9]{1,5}$/.test(portText) || port > 65535) {
    fail(`--port must be between 0 and 65535, got ${JSON.stringify(portText)}`);
  }

  const local = await startLocal({ port }).catch((error: Error & { code?: string }) => {
    if (error.code === 'EADDRINUSE') fail(`port ${port} is taken; choose another, or 0 for any that is free`);
    throw error;
  });
  // Some launchers send a signal twice. A second close has no effect.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void local.close().then(() => process.exit(0)));
  }

  const { controlPlane, messaging, deploy, console: webConsole, environment } = local;
  if (json) return console.log(JSON.stringify({ controlPlane, messaging, deploy, console: webConsole, environment }));
  console.log(`Control plane  ${controlPlane}
Messaging      ${messaging}
Deploy         ${deploy}
Console        ${webConsole}

To use the AWS SDKs, the AWS CLI and the CDK CLI with these endpoints, run:

${Object.entries(environment).map(([name, value]) => `export ${name}=${value}`).join('\n')}

Press Ctrl-C to stop.`);
}

main().catch((error: Error) => fail(error.message));
