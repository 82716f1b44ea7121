import type { ShownRequest } from '../console-update';

/** The text of a request in the tools of developers, by the name of the tool. */
export type Commands = { readonly [tool: string]: string };

/** Returns the commands that send a request of the control plane again, with the credentials of the environment. */
export function commandsOf({ operation, input, region }: ShownRequest, endpoint: string): Commands {
  const given = (input ?? {}) as { readonly [member: string]: any };
  return {
    'AWS CLI': [
      `aws ivschat ${kebabCase(operation)}`,
      `--cli-input-json ${quoted(JSON.stringify(given))}`,
      `--region ${region}`,
      `--endpoint-url ${endpoint}`,
    ].join(' \\\n  '),
    'AWS SDK': `import { ${operation}Command, IvschatClient } from '@aws-sdk/client-ivschat';

const client = new IvschatClient({ endpoint: '${endpoint}', region: '${region}' });
await client.send(new ${operation}Command(${JSON.stringify(given, undefined, 2)}));`,
    // The path of the operations for tags contains an ARN, and many versions of curl sign it in another way than AWS.
    ...given.resourceArn === undefined ? {
      curl: [
        `curl ${quoted(`${endpoint}/${operation}`)}`,
        `--aws-sigv4 'aws:amz:${region}:ivschat'`,
        '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
        "-H 'content-type: application/json'",
        `-d ${quoted(JSON.stringify(given))}`,
      ].join(' \\\n  '),
    } : {},
  };
}

const kebabCase = (name: string) => name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();

/** Quotes a text for a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
