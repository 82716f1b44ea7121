import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpText, options, readOptions, usageOf, variableOf } from '../../../local/bin/command-line-options';

const names = Object.keys(options);

/** A valid value of each option that has a value, and the value that the program uses. */
const valid: { readonly [name: string]: readonly [text: string, value: unknown] } = {
  'host': ['0.0.0.0', '0.0.0.0'],
  'port': ['4920', 4920],
  'deploy-port': ['0', 0],
  'region': ['eu-west-1', 'eu-west-1'],
  'account': ['000000000000', '000000000000'],
  'state-file': ['folder/state', 'folder/state'],
  'log-folder': ['logs', 'logs'],
  'credentials': ['test:te/st+=:', { accessKeyId: 'test', secretAccessKey: 'te/st+=:' }],
  'allowed-host': ['chat.test,chat', ['chat.test', 'chat']],
  'allowed-origin': ['https://app.test,*', ['https://app.test', '*']],
  'review-handler': ['http://localhost:8080/review', 'http://localhost:8080/review'],
  'allow-unknown-resource-types': ['AWS::SNS::Topic', ['AWS::SNS::Topic']],
  'upstream': ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
};

test.each(names)('--%s is read from an argument and from its environment variable', (name) => {
  const variable = variableOf(name);
  const [text, value] = valid[name] ?? ['true', true];
  const argument = valid[name] ? [`--${name}`, text] : [`--${name}`];
  expect(readOptions(argument, {})).toEqual({ values: { [name]: value }, problems: [] });
  expect(readOptions([`--${name}=${text}`], {})).toEqual({ values: { [name]: value }, problems: [] });
  if (variable) expect(readOptions([], { [variable]: text })).toEqual({ values: { [name]: value }, problems: [] });
});

test.each([
  [['--port', '65536'], '--port must be between 0 and 65535, got "65536"'],
  [['--deploy-port=many'], '--deploy-port must be between 0 and 65535, got "many"'],
  [['--port'], '--port requires a value: --port N'],
  [['--port', '--json'], '--port requires a value: --port N'],
  [['--port', '-1'], '--port requires a value: --port N'],
  [['--port=-1'], '--port must be between 0 and 65535, got "-1"'],
  [['--json='], '--json must be true or false, got ""'],
  [['--json=yes'], '--json must be true or false, got "yes"'],
  [['--host', 'a b'], '--host must be an address, such as 0.0.0.0, got "a b"'],
  [['--region', 'eu-north-1'], expect.stringMatching(/^--region must be one of ap-northeast-1, .*, got "eu-north-1"$/)],
  [['--account', '12'], '--account must be twelve digits, got "12"'],
  [['--account', '1234567890123'], '--account must be twelve digits, got "1234567890123"'],
  [['--port', '000001'], '--port must be between 0 and 65535, got "000001"'],
  [['--port='], '--port must be between 0 and 65535, got ""'],
  [['--state-file='], '--state-file must be a path, got ""'],
  [['--log-folder='], '--log-folder must be a path, got ""'],
  [['--credentials', 'secret'], '--credentials must be KEY:SECRET'],
  [['--credentials', 'key:'], '--credentials must be KEY:SECRET'],
  [['--credentials', ':secret'], '--credentials must be KEY:SECRET'],
  [['--credentials', 'key:two words'], '--credentials must be KEY:SECRET'],
  [['--credentials', `${'k'.repeat(129)}:secret`], '--credentials must be KEY:SECRET'],
  [['--allowed-host', 'http://chat'], '--allowed-host must be a host name, got "http://chat"'],
  [['--allowed-host', '*'], '--allowed-host must be a host name, got "*"'],
  [['--allowed-host', 'a,,b'], '--allowed-host must be a host name, got "a,,b"'],
  ...['HTTPS://app.test', 'https://app.test or', 'x https://app.test'].map((origin): [string[], string] => [
    ['--allowed-origin', origin],
    `--allowed-origin must be an origin such as https://app.test, or *, got "${origin}"`,
  ]),
  [
    ['--allowed-origin', 'app.test'],
    '--allowed-origin must be an origin such as https://app.test, or *, got "app.test"',
  ],
  [
    ['--allowed-origin', 'https://app.test/'],
    '--allowed-origin must be an origin such as https://app.test, or *, got "https://app.test/"',
  ],
  [
    ['--allow-unknown-resource-types', 'Topic'],
    '--allow-unknown-resource-types must be a resource type such as AWS::SNS::Topic, or *, got "Topic"',
  ],
  [
    ['--review-handler', 'http://example.com/'],
    '--review-handler must be an http URL of this machine, such as http://127.0.0.1:8080/review, '
    + 'got "http://example.com/"',
  ],
  [
    ['--review-handler', 'https://127.0.0.1/'],
    '--review-handler must be an http URL of this machine, such as http://127.0.0.1:8080/review, '
    + 'got "https://127.0.0.1/"',
  ],
  [
    ['--review-handler', 'ftp://127.0.0.1/'],
    '--review-handler must be an http URL of this machine, such as http://127.0.0.1:8080/review, '
    + 'got "ftp://127.0.0.1/"',
  ],
  [
    ['--review-handler', 'review'],
    '--review-handler must be an http URL of this machine, such as http://127.0.0.1:8080/review, got "review"',
  ],
  [['--upstream', 'ftp://a'], '--upstream must be a URL, such as http://127.0.0.1:4566, got "ftp://a"'],
  [['--upstream', 'httpsx://a'], '--upstream must be a URL, such as http://127.0.0.1:4566, got "httpsx://a"'],
  [['--upstream', '127.0.0.1'], '--upstream must be a URL, such as http://127.0.0.1:4566, got "127.0.0.1"'],
  [['--prot', '1'], "Unknown option '--prot'; see ivs-chat-local --help"],
  [['-x'], "Unknown option '-x'; see ivs-chat-local --help"],
  [['--constructor'], "Unknown option '--constructor'; see ivs-chat-local --help"],
])('%j is refused with one clear line', (argv, line) => {
  expect(readOptions(argv, {}).problems).toEqual([line]);
});

test.each([
  ['--port', '65535', 65535],
  ['--port', '0', 0],
  ['--host', '::1', '::1'],
  ['--allowed-host', 'a, b', ['a', 'b']],
  ['--allowed-host', '[::1]:80', ['[::1]:80']],
  ['--allowed-origin', 'null', ['null']],
  ['--allowed-origin', 'capacitor://localhost', ['capacitor://localhost']],
  ['--allow-unknown-resource-types', '*,Alexa::ASK::Skill', ['*', 'Alexa::ASK::Skill']],
  ['--allow-unknown-resource-types', 'Custom::Thing', ['Custom::Thing']],
  ['--credentials', `${'k'.repeat(128)}:s`, { accessKeyId: 'k'.repeat(128), secretAccessKey: 's' }],
  ['--review-handler', 'http://[::1]:1/', 'http://[::1]:1/'],
  ['--upstream', 'https://aws.test', 'https://aws.test'],
  ['--upstream', 'HTTP://aws.test', 'HTTP://aws.test'],
])('%s accepts %s', (argument, text, value) => {
  expect(readOptions([argument, text], {})).toEqual({ values: { [argument.slice(2)]: value }, problems: [] });
});

test('wrong and unknown environment variables and arguments are refused, each with one line', () => {
  const environment = {
    IVS_CHAT_LOCAL_PORT: 'x',
    IVS_CHAT_LOCAL_PROT: '1',
    IVS_CHAT_LOCAL_POR: '1',
    IVS_CHAT_LOCAL_HOST: '',
    PORT: 'x',
    IVS_CHAT_LOCAL_region: 'us-west-2',
  };
  expect(readOptions(['start', '--account', '1'], environment).problems).toEqual([
    'IVS_CHAT_LOCAL_PORT must be between 0 and 65535, got "x"',
    'Unknown environment variable IVS_CHAT_LOCAL_PROT; see ivs-chat-local --help',
    'Unknown environment variable IVS_CHAT_LOCAL_POR; see ivs-chat-local --help',
    'Unknown environment variable IVS_CHAT_LOCAL_region; see ivs-chat-local --help',
    'Unexpected argument "start"; see ivs-chat-local --help',
    '--account must be twelve digits, got "1"',
  ]);
});

test('an option without a value can be false, and a value can begin with a hyphen', () => {
  expect(readOptions(['--log-folder=-logs'], {}).values).toEqual({ 'log-folder': '-logs' });
  expect(readOptions(['--json=false'], { IVS_CHAT_LOCAL_VERBOSE: 'false' })).toEqual({
    values: { json: false, verbose: false }, problems: [],
  });
});

test('an argument takes precedence over its environment variable, and the last over the others except in lists', () => {
  const argv = ['--allowed-host', 'a', '--allowed-host', 'b,c', '--port', '3', '--port', '2', '-h'];
  expect(readOptions(argv, { IVS_CHAT_LOCAL_PORT: '1', IVS_CHAT_LOCAL_ALLOWED_HOST: 'd' }).values).toEqual({
    'allowed-host': ['a', 'b', 'c'],
    'port': 2,
    'help': true,
  });
});

test('the help text and docs/local-ivs-chat.md have every option', () => {
  const documentation = readFileSync(join(__dirname, '../../../docs/local-ivs-chat.md'), 'utf8');
  const rows = Object.entries<{ description: string; default?: string }>(options).map(([name, option]) => {
    const variable = variableOf(name);
    return (
      `| \`${usageOf(name)}\` | ${variable ? `\`${variable}\`` : 'none'} | ${option.description} | `
      + `${option.default ?? 'no'} |`
    );
  });
  const table = documentation.slice(documentation.indexOf('| argument |')).split('\n\n')[0]!.split('\n').slice(2);
  expect(table).toEqual(rows);
  const help = names.map((name) => {
    const { description, default: byDefault } = options[name as keyof typeof options];
    return `  ${usageOf(name)}\n      ${description}${byDefault ? ` (default: ${byDefault})` : ''}`;
  });
  expect(helpText().split('\n\n')).toEqual([
    'Usage: ivs-chat-local [OPTION...]',
    'Starts a local IVS Chat and an endpoint for the CDK CLI, until Ctrl-C.',
    help.join('\n'),
    'Each option except -h and --version has an environment variable, such as IVS_CHAT_LOCAL_DEPLOY_PORT.',
  ]);
  expect(helpText()).toContain('  -h, --help\n');
});

test('-h is --help, and an option without a value does not take the next argument', () => {
  expect(readOptions(['-h'], {})).toEqual({ values: { help: true }, problems: [] });
  expect(readOptions(['--json', 'true'], {})).toEqual({
    values: { json: true },
    problems: ['Unexpected argument "true"; see ivs-chat-local --help'],
  });
  expect(readOptions(['--prot', '1', '2', '--json', '3'], {}).problems).toEqual([
    "Unknown option '--prot'; see ivs-chat-local --help",
    'Unexpected argument "3"; see ivs-chat-local --help',
  ]);
});
