import { parseArgs } from 'node:util';
import { isLoopbackName } from '../aws/http/loopback';
import { regions } from '../../src/contract/regions';

/** An option of the command line. Its environment variable is `IVS_CHAT_LOCAL_` and the name in upper case. */
interface Option<T> {
  /** The placeholder of the value. @default - the option has no value */
  readonly value?: string;
  readonly short?: string;
  readonly description: string;
  readonly default?: string;
  /** Whether the option is only an argument, without an environment variable. @default false */
  readonly argumentOnly?: boolean;
  /**
   * Returns the value. A list is combined with the values of the same option.
   *
   * @throws an error that describes the valid values.
   */
  parse(text: string): T;
}

/** All options. The arguments, the environment variables, the help text and the documentation have the same source. */
export const options = {
  'host': option({
    value: 'ADDRESS',
    description: 'The address that the local IVS Chat listens on. The deployment endpoint listens on 127.0.0.1 only',
    default: '127.0.0.1',
    parse: text(/^[\w.:-]+$/, 'an address, such as 0.0.0.0'),
  }),
  'port': option({
    value: 'N',
    description: 'The port of the control plane and of messaging, or 0 for any free port',
    default: '4920', // not assigned by IANA, and not in the range of another AWS emulator
    parse: port,
  }),
  'deploy-port': option({
    value: 'N',
    description: 'The port of the endpoint for the CDK CLI, or 0 for any free port',
    default: '4921',
    parse: port,
  }),
  'region': option({
    value: 'REGION',
    description: 'The Region',
    default: 'us-west-2',
    parse(region) {
      if (!regions.some((known) => known === region)) throw new Error(`one of ${regions.join(', ')}`);
      return region;
    },
  }),
  'account': option({
    value: 'ID',
    description: 'The account ID',
    default: '123456789012',
    parse: text(/^\d{12}$/, 'twelve digits'),
  }),
  'state-file': option({
    value: 'FILE',
    description: 'The file that keeps rooms and logging configurations across restarts',
    default: 'in memory',
    parse: text(/./, 'a path'),
  }),
  'log-folder': option({
    value: 'FOLDER',
    description: 'The folder for chat logs',
    default: 'no chat logs',
    parse: text(/./, 'a path'),
  }),
  'credentials': option({
    value: 'KEY:SECRET',
    description: 'The credentials of the administrator',
    default: 'new credentials',
    parse(given) {
      const [, accessKeyId, secretAccessKey] = /^(\w{1,128}):(\S+)$/.exec(given) ?? [];
      // The value is a secret, so the error must not repeat it.
      if (!accessKeyId || !secretAccessKey) throw Object.assign(new Error('KEY:SECRET'), { isSecret: true });
      return { accessKeyId, secretAccessKey };
    },
  }),
  'any-credentials': option({
    description: 'Accept all credentials. Every caller with unknown credentials is the administrator',
    parse: flag,
  }),
  'quotas': option({
    description: 'Apply the default quotas of the service, with the rates that are off otherwise',
    parse: flag,
  }),
  'allowed-host': option({
    value: 'NAME',
    description: 'An additional host name of the local IVS Chat. Repeat the option or separate names with commas',
    default: 'loopback names only',
    parse: list(text(/^[\w.:[\]-]+$/, 'a host name')),
  }),
  'allowed-origin': option({
    value: 'ORIGIN',
    description: 'An additional origin of pages, such as https://app.test, or * for all. Can be repeated',
    default: 'pages of loopback hosts only',
    parse: list(text(/^(\*|null|[a-z][\w+.-]*:\/\/[^/\s]+)$/, 'an origin such as https://app.test, or *')),
  }),
  'review-handler': option({
    value: 'URL',
    description: 'The http URL of the message review handler of all rooms, on this machine',
    default: 'the function of each room',
    parse(url) {
      if (!URL.canParse(url) || new URL(url).protocol !== 'http:' || !isLoopbackName(new URL(url).hostname)) {
        throw new Error('an http URL of this machine, such as http://127.0.0.1:8080/review');
      }
      return url;
    },
  }),
  'allow-unknown-resource-types': option({
    value: 'TYPE',
    description: 'A resource type to create without effect, such as AWS::SNS::Topic, or * for all. Can be repeated',
    default: 'templates with unknown types are refused',
    parse: list(text(/^(\*|\w+(::[\w-]+)+)$/, 'a resource type such as AWS::SNS::Topic, or *')),
  }),
  'upstream': option({
    value: 'URL',
    description: 'The address of another AWS emulator, for the services that the deployment endpoint does not have',
    default: 'requests for such services are refused',
    parse(url) {
      if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
        throw new Error('a URL, such as http://127.0.0.1:4566');
      }
      return url;
    },
  }),
  'verbose': option({
    description: 'Print one line for each request and for each line of output of a function, to the standard error',
    parse: flag,
  }),
  'json': option({
    description: 'Print only one line of JSON when the services are ready',
    parse: flag,
  }),
  'help': option({ short: 'h', description: 'Print this help', argumentOnly: true, parse: flag }),
  'version': option({ description: 'Print the version', argumentOnly: true, parse: flag }),
};

export type OptionName = keyof typeof options;
export type OptionValues = { readonly [name in OptionName]?: ReturnType<(typeof options)[name]['parse']> };

const VARIABLE_PREFIX = 'IVS_CHAT_LOCAL_';

/** Returns the name of the environment variable of an option, or undefined if it is only an argument. */
export function variableOf(name: string): string | undefined {
  if ((options[name as OptionName] as Option<unknown>).argumentOnly) return undefined;
  return VARIABLE_PREFIX + name.toUpperCase().replace(/-/g, '_');
}

/** Returns the command-line form of an option, such as `-h, --help` or `--port N`. */
export function usageOf(name: string): string {
  const { short, value } = options[name as OptionName] as Option<unknown>;
  return `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;
}

/** Reads the arguments and the environment variables. An argument takes precedence over its environment variable. */
export function readOptions(
  argv: readonly string[],
  environment: { readonly [name: string]: string | undefined },
): { readonly values: OptionValues; readonly problems: readonly string[] } {
  const values: { [name: string]: unknown } = {};
  const problems: string[] = [];
  const names = Object.keys(options);
  const read = (target: { [name: string]: unknown }, name: string, source: string, given: string) => {
    try {
      const value = (options[name as OptionName] as Option<unknown>).parse(given);
      const before = target[name];
      target[name] = Array.isArray(value) && Array.isArray(before) ? [...(before as unknown[]), ...value] : value;
    } catch (error) {
      const { message, isSecret } = error as Error & { isSecret?: true };
      problems.push(`${source} must be ${message}${isSecret ? '' : `, got ${JSON.stringify(given)}`}`);
    }
  };

  for (const [variable, given] of Object.entries(environment)) {
    if (!variable.startsWith(VARIABLE_PREFIX) || !given) continue;
    const name = names.find((known) => variableOf(known) === variable);
    if (name === undefined) problems.push(`Unknown environment variable ${variable}; see ivs-chat-local --help`);
    else read(values, name, variable, given);
  }

  const fromArguments: { [name: string]: unknown } = {};
  let isAfterUnknownOption = false; // the next token can be its value
  for (const token of argumentTokens(argv)) {
    if (token.kind === 'positional' && !isAfterUnknownOption) {
      problems.push(`Unexpected argument ${JSON.stringify(token.value)}; see ivs-chat-local --help`);
    }
    if (token.kind !== 'option') continue;
    const known = (options as { readonly [name: string]: Option<unknown> })[token.name];
    isAfterUnknownOption = !Object.hasOwn(options, token.name);
    if (isAfterUnknownOption || !known) {
      problems.push(`Unknown option '${token.rawName}'; see ivs-chat-local --help`);
    } else if (!known.value) {
      read(fromArguments, token.name, token.rawName, token.value ?? 'true');
    } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('-'))) {
      problems.push(`${token.rawName} requires a value: ${usageOf(token.name)}`);
    } else {
      read(fromArguments, token.name, token.rawName, token.value);
    }
  }
  return { values: { ...values, ...fromArguments } as OptionValues, problems };
}

function argumentTokens(argv: readonly string[]) {
  const config = Object.entries(options as { readonly [name: string]: Option<unknown> }).map(
    ([name, { value, short }]) => [name, { type: value ? 'string' : 'boolean', ...(short ? { short } : {}) }] as const,
  );
  return parseArgs({
    args: [...argv],
    options: Object.fromEntries(config),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

/** Returns the help text. */
export function helpText(): string {
  const lines = Object.entries(options as { readonly [name: string]: Option<unknown> }).map(
    ([name, { description, default: byDefault }]) =>
      `  ${usageOf(name)}\n      ${description}${byDefault ? ` (default: ${byDefault})` : ''}`,
  );
  return `Usage: ivs-chat-local [OPTION...]

Starts a local IVS Chat and an endpoint for the CDK CLI, until Ctrl-C.

${lines.join('\n')}

Each option except -h and --version has an environment variable, such as ${variableOf('deploy-port')}.`;
}

function option<T>(definition: Option<T>): Option<T> {
  return definition;
}

function text(pattern: RegExp, expected: string) {
  return (given: string): string => {
    if (!pattern.test(given)) throw new Error(expected);
    return given;
  };
}

function list(parse: (given: string) => string) {
  return (given: string): string[] => given.split(',').map((item) => parse(item.trim()));
}

function port(given: string): number {
  if (!/^[0-9]{1,5}$/.test(given) || Number(given) > 65535) throw new Error('between 0 and 65535');
  return Number(given);
}

function flag(given: string): boolean {
  if (given !== 'true' && given !== 'false') throw new Error('true or false');
  return given === 'true';
}
