import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An error response of an AWS service. */
export class AwsError extends Error {
  constructor(override readonly name: string, message: string, readonly status: number) {
    super(message);
  }
}

interface Place {
  readonly region: string;
  readonly credentials: Credentials;
  readonly endpoints: { readonly aws?: string; readonly ivsChat?: string; readonly messaging: string };
}

/** Signed requests to the services for which the project has no client. */
export class Aws {
  constructor(readonly place: Place) {}

  async send(service: string, path: string, init: RequestInit = {}): Promise<Response> {
    const { region, credentials, endpoints } = this.place;
    const own = service === 'ivschat' ? endpoints.ivsChat : endpoints.aws;
    const client = new AwsClient({ ...credentials, service, region, retries: 5 });
    return client.fetch(new URL(path, own ?? `https://${service}.${region}.amazonaws.com`), init);
  }

  /** Calls an operation of the Query protocol, and returns the XML. */
  async query(
    service: 'cloudformation' | 'sts', action: string, parameters: { readonly [name: string]: string } = {},
  ): Promise<string> {
    const Version = { cloudformation: '2010-05-15', sts: '2011-06-15' }[service];
    const body = new URLSearchParams({ Action: action, Version, ...parameters }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (let attempt = 0; ; attempt++) {
      try {
        return await succeeded(await this.send(service, '/', { method: 'POST', body, headers }));
      } catch (error) {
        if (attempt === 8 || (error as Error).name !== 'Throttling') throw error;
        await sleep(1000 * 2 ** Math.min(attempt, 4));
      }
    }
  }

  async logs(operation: string, input: object): Promise<any> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` };
    const response = await this.send('logs', '/', { method: 'POST', body: JSON.stringify(input), headers });
    return JSON.parse((await succeeded(response)) || '{}');
  }

  /** Calls S3 with addresses in path style. */
  async s3(method: string, path: string, body?: string): Promise<string> {
    return succeeded(await this.send('s3', path, { method, body }));
  }

  /** Assumes a role, and retries while a new role's trust policy is not effective yet. */
  async assumeRole(roleArn: string, pause: (milliseconds: number) => Promise<void>): Promise<Aws> {
    for (let attempt = 0; ; attempt++) {
      try {
        const xml = await this.query('sts', 'AssumeRole', { RoleArn: roleArn, RoleSessionName: 'verify' });
        const field = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(xml)![1]!;
        const credentials = {
          accessKeyId: field('AccessKeyId'),
          secretAccessKey: field('SecretAccessKey'),
          sessionToken: field('SessionToken'),
        };
        return new Aws({ ...this.place, credentials });
      } catch (error) {
        if (attempt === 30 || (error as Error).name !== 'AccessDenied') throw error;
        await pause(2000);
      }
    }
  }
}

/** Returns the text of the response. Throws an `AwsError` for an error in XML or JSON. */
async function succeeded(response: Response): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;

  const first = (...patterns: RegExp[]) => patterns.map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
  const name = first(/<Code>([^<]+)</, /"__type":"(?:[^"#]*#)?([^"]+)"/) ?? `HTTP ${response.status}`;
  const message = first(/<Message>([^<]+)</, /"[mM]essage":"([^"]+)"/) ?? '';
  throw new AwsError(name, message, response.status);
}

/** Returns the elements of the given name as objects with the texts of their children. */
export function elements(xml: string, name: string): { readonly [child: string]: string }[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, element]) => {
    const children = element!.matchAll(/<(\w+)>([^<]*)<\/\1>/g);
    return Object.fromEntries([...children].map(([, child, text]) => [child, unescaped(text!)]));
  });
}

function unescaped(text: string): string {
  const characters: { readonly [name: string]: string } = { lt: '<', gt: '>', quot: '"', apos: '\'', amp: '&' };
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+));/g, (_, name: string, code: string) =>
    characters[name] ?? String.fromCharCode(Number(code)));
}
