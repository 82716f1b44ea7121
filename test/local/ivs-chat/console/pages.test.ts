/** Renders the pages of the console to text, with the server renderer of React, because Preact has none here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import {
  emptyData, nameKey, updatedData, type ConsoleData,
} from '../../../../local/ivs-chat/console/page/live-console';
import { parseRoute } from '../../../../local/ivs-chat/console/page/route';
import { logLines, stacks, time, typicalUpdate, uri } from './page-data';

const names = ['faults', 'frames', 'logs', 'messages', 'overview', 'people', 'requests', 'rooms', 'stack', 'tokens'];
const { outputFiles: [bundle] } = buildSync({
  stdin: {
    contents: `
      import { createElement } from 'react';
      import { renderToStaticMarkup } from 'react-dom/server';
      ${names.map((name) => `import * as ${name} from './local/ivs-chat/console/page/${name}-page';`).join('\n')}
      const modules = { ${names.join()} };
      export function render(props) {
        const { page } = props.route;
        const name = page[0].toUpperCase() + page.slice(1) + 'Page';
        return renderToStaticMarkup(createElement(modules[page][name], props));
      }
    `,
    resolveDir: `${__dirname}/../../../..`,
    loader: 'ts',
  },
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  jsx: 'automatic',
  jsxImportSource: 'react',
  tsconfigRaw: {},
  alias: { 'preact/hooks': 'react' },
  define: { 'process.env.NODE_ENV': '"production"' },
});
const page = { exports: {} as { render: (props: object) => string } };
// eslint-disable-next-line no-new-func
new Function('module', 'require', bundle!.text)(page, require);

/** The data of a service after a typical minute. The IDs of its rooms are lobby and plain. */
let data: ConsoleData;

const link = /<a [^>]*href="([^"]*)"[^>]*?( aria-current="true")?>/g;

function html(hash: string, shown: Partial<ConsoleData> = {}): string {
  const route = parseRoute(hash);
  const props = { data: { ...data, ...shown }, route, search: route.query.q ?? '', now: Date.parse(time) };
  return page.exports.render(props);
}

/** Returns the texts of a page. Badges have their tone in front, and links their address. */
function render(hash: string, shown: Partial<ConsoleData> = {}): string {
  return html(hash, shown)
    .replace(/<time[^>]*>.*?<\/time>/g, 'TIME')
    .replace(/<svg.*?<\/svg>/g, '')
    .replace(/<span class="badge (\w+)">([^<]*)<\/span>/g, ' ($1: $2) ')
    .replace(/<tr class="current">/g, '\n> ')
    .replace(/<option[^>]*?( selected[^>]*)?>([^<]*)<\/option>/g, (_, selected, text) =>
      `${selected ? '> ' : ''}${text}, `)
    .replace(/<nav.*?<\/nav>/g, (nav) =>
      nav.replace(link, (_, href, current) => ` · ${current ? '> ' : ''}[${href}] `))
    .replace(/<(?:button|input)[^>]* (disabled|checked)[^>]*>/g, '\n($1) ')
    .replace(link, (_, href, current) => `\n${current ? '> ' : ''}[${href}] `)
    .replace(/<label[^>]*>/g, '\n')
    .replace(/<\/(?:td|th)><(?:td|th)[^>]*>\n?/g, ' | ')
    .replace(/<\/(?:dt)><(?:dd)[^>]*>\n?/g, ': ')
    .replace(/<\/?(?:a|bdi|b|code|span|strong|em|del|label|thead|tbody)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/g, ' '))
    .filter(Boolean)
    .join('\n');
}

beforeAll(async () => {
  data = updatedData(emptyData, await typicalUpdate());
  Object.assign(globalThis, { location: new URL('http://127.0.0.1:1/') });
});

const service = () => ({ ...data.service, hasStacks: true });

/** Changes of the data for some pages. */
const variants: { readonly [name: string]: () => Partial<ConsoleData> } = {
  'without data': () => emptyData,
  'with a deployment endpoint': () => ({ ...emptyData, service: service() }),
  'with one stack': () => ({ stacks: stacks.slice(1), service: service() }),
  'with stacks': () => ({ stacks, logLines, service: service() }),
  'with two connections': () => ({
    connections: [data.connections[0]!, { ...data.connections[0]!, capabilities: [], sessionExpirationTime: time }],
  }),
  'with a request that is not JSON': () => ({
    frames: [...data.frames, { ...data.frames[2]!, number: 12, userId: 'bob', type: 'unknown', content: 'not JSON' }],
  }),
  'with a role': () => ({
    requests: [{ ...data.requests[0]!, caller: 'arn:aws:sts::1:assumed-role/LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ/s' }],
  }),
  // The same users in several rooms, several connections of a user, and requests and lines of each kind.
  'with more of each': () => {
    const [lobby, plain] = data.rooms.map(({ arn }) => arn) as [string, string];
    const frame = (number: number, type: string, userId: string | undefined, content: object, over: object = {}) =>
      ({ number, time, direction: 'connection' as const, type, roomArn: lobby, userId, content, bytes: 9, ...over });
    const connect = (...Capabilities: string[]) => ({ Capabilities, Attributes: { team: 'red' } });
    const request = (number: number, operation: string, over: object) =>
      ({ ...data.requests[7]!, number, operation, frame: undefined, ...over });
    const received = { direction: 'received' as const };
    return {
      stacks: stacks.map((stack) => ({
        ...stack,
        resources: stack.resources.map((each) => ({ ...each, status: each.status.replace('CREATE', 'UPDATE') })),
      })),
      service: service(),
      connections: [{ ...data.connections[0]!, roomArn: plain, attributes: {}, capabilities: [] }, ...data.connections],
      names: new Map([...data.names, [nameKey(lobby, 'bob'), 'Robert']]),
      tokens: [
        { ...data.tokens[0]!, roomArn: plain, userId: 'bob', attributes: { name: 'token' } },
        { ...data.tokens[0]!, roomArn: plain, userId: 'ada', attributes: { name: 'token' } },
        ...data.tokens,
      ],
      frames: [
        frame(1, 'CONNECT', 'bob', connect('DELETE_MESSAGE')),
        frame(2, 'CLOSE', 'bob', { Code: 1000, Reason: 'the session ended' }),
        frame(3, 'CONNECT', 'bob', connect('SEND_MESSAGE')),
        frame(4, 'CLOSE', 'bob', { Code: 1006, Reason: 'lost' }),
        frame(5, 'CLOSE', 'ada', { Code: 1001, Reason: 'gone' }),
        frame(6, 'CLOSE', 'eve', { Code: 1001, Reason: 'gone' }, { roomArn: lobby.replace('lobby', 'gone') }),
        frame(7, 'SEND_MESSAGE', 'ada', { Content: 'once' }, received),
        frame(8, 'DELETE_MESSAGE', 'bob', { Id: 'message' }, received),
        frame(9, 'SEND_MESSAGE', 'bob', { Content: 'elsewhere' }, { ...received, roomArn: plain }),
        frame(10, 'app:e', undefined, { EventName: 'app:e', Attributes: null }, { direction: 'sent', recipients: 1 }),
        frame(11, 'MESSAGE', undefined, { Id: 'm', Content: 'kept', Reason: 'x', Sender: { UserId: 'bob' } }, {
          direction: 'sent', recipients: 0,
        }),
        frame(12, 'MESSAGE', undefined, { Id: 'n', Content: 'deleted', Sender: { UserId: 'ada' } }, {
          direction: 'sent', recipients: 2,
        }),
        frame(
          13, 'aws:DELETE_MESSAGE', undefined,
          { EventName: 'aws:DELETE_MESSAGE', Attributes: { MessageID: 'n' } }, { direction: 'sent', recipients: 2 },
        ),
      ],
      requests: [
        request(1, 'MessageReview', { frame: 7, status: 0, error: 'ReviewFailed', message: 'x', caller: uri }),
        request(2, 'SEND_MESSAGE', { frame: 7, status: 0, fault: 'lostRequest', requestId: '' }),
        request(3, 'GetRoom', { status: 200, milliseconds: 0, roomArn: undefined, userId: undefined }),
        request(4, 'GetRoom', { status: 0, roomArn: undefined, userId: undefined, caller: undefined }),
        request(5, 'LogDelivery', { status: 0, error: 'NoSuchGroup', roomArn: undefined, userId: undefined }),
      ],
      loggingConfigurations: ['CREATING', 'UPDATING', 'DELETING'].map((state) =>
        ({ ...data.loggingConfigurations[0]!, arn: `arn:x/${state}`, name: '', state })),
      logLines: ['/aws/lambda/a', '/aws/lambda/ab', '/aws/lambda/a', 'LogGroup'].map((logGroupName, index) =>
        ({ id: String(index), time, logGroupName, message: `line ${index}` })),
      faults: [
        { id: 1, kind: 'throttle' as const, probability: 0 },
        { id: 2, kind: 'lostRequest' as const, operation: 'GetRoom', times: 3, probability: 0.55 },
      ],
    };
  },
  // Events with the names of other frames, and an event of AWS without its attributes.
  'with events of any name': () => ({
    frames: ['MESSAGE', 'ERROR', 'CONNECT', 'CLOSE', 'aws:DELETE_MESSAGE'].map((type, index) => ({
      number: index + 101,
      time,
      direction: 'sent' as const,
      type,
      roomArn: data.rooms[0]!.arn,
      recipients: 1,
      bytes: 9,
      content: { Type: 'EVENT', Id: `id-${index}`, EventName: type, Attributes: null },
    })),
  }),
  'with a failed review': () => ({
    requests: [...data.requests, {
      ...data.requests[7]!,
      number: 16,
      operation: 'MessageReview',
      status: 0,
      error: 'ReviewFailed',
      message: 'no such table',
      caller: uri,
      output: { ReviewResult: 'ALLOW', FallbackResult: 'ALLOW' },
    }],
  }),
};
const sections = readFileSync(join(__dirname, 'pages.txt'), 'utf8').split(/^== /m).slice(1).map((section) => {
  const [heading, ...lines] = section.trimEnd().split('\n');
  return [heading!, lines.join('\n')] as const;
});

// A section of the file has an address, and perhaps a variant. After a change, correct the lines of the section.
test.each(sections)('%s', (heading, text) => {
  const [, address, variant = ''] = /^(\S+) ?(.*)$/.exec(heading)!;
  expect(render(address!, variants[variant]?.())).toBe(text);
});

test('the overview shows the activity of two minutes and the last eight failures', () => {
  const second = { messages: 0, requests: 1, errors: 0 };
  const requests = Array.from({ length: 9 }, (_, index) => ({ ...data.requests[0]!, number: index + 1, status: 500 }));
  const shown = {
    activity: [
      { ...second, second: -61, connections: 1 }, { ...second, second: -60, connections: 2 },
      { ...second, second: 30, connections: 5, p95: 40 },
    ],
    counts: { ...data.counts, connections: 300 },
    requests,
  };
  const text = html('#/overview', shown);
  const [messages, connections, errors, slowest] = [...text.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' '));
  expect([0, 88, 89, 119].map((index) => connections![index])).toEqual([
    '0.0,24.2', '177.5,24.2', '179.5,2.0', '240.0,2.0',
  ]);
  for (const points of [messages!, errors!]) {
    expect(new Set(points.map((point) => point.split(',')[1]))).toEqual(new Set(['39.0']));
  }
  expect(slowest![89]).toBe('179.5,2.0');
  const tiles = (markup: string) => [...markup.matchAll(/class="tile ([^"]*)"/g)].map(([, tone]) => tone);
  expect(tiles(text)).toEqual(['', '', '', '']);
  expect(render('#/overview', shown).match(/Connections\d+|#\/requests\/\d/g)).toEqual([
    'Connections300', ...[9, 8, 7, 6, 5, 4, 3, 2].map((number) => `#/requests/${number}`),
  ]);
  const first = (over: Partial<ConsoleData>) =>
    /(?<=Connections.*?<polyline points=")[^ ]*/.exec(html('#/overview', over))![0];
  expect(first({ activity: [{ ...second, second: 60, connections: 5 }] })).toBe('0.0,39.0');
  expect(first({ activity: [], counts: { ...data.counts, connections: 4 } })).toBe('0.0,2.0');
  const isBad = html('#/overview', { activity: [{ ...second, second: 60, errors: 1, connections: 0 }] });
  expect(tiles(isBad)).toEqual(['', '', 'bad', '']);
});

test.each<[string, string, string[]]>([
  ['#/people/new?room=plain', '', ['maxlength="128"', 'min="1" max="180"', 'required=""']],
  ['#/people', '', ['title="arn:aws:ivschat:us-west-2:123456789012:room/lobby"']],
  ['#/tokens', '', ['title="ada"', 'title="arn:aws:ivschat:us-west-2:123456789012:room/plain"']],
  ['#/faults', 'with more of each', ['aria-label="Remove lostRequest of GetRoom"', 'aria-label="Slow 2 s"']],
  ['#/requests/13', '', [
    'aria-label="Copy Input"', 'aria-label="Copy as AWS CLI"', 'aria-pressed="true">AWS CLI',
    'aria-pressed="false">curl',
  ]],
  ['#/frames', '', [
    '<h1 tabindex="-1">Frames', 'role="img" aria-label="to clients"', 'role="region" aria-label="Frames" tabindex="0"',
    '<th scope="col" class="wide extra wraps">Data', '<th scope="col" class="wide extra number">Size',
    '<time datetime="1970-01-01T00:01:00.000Z" title="1970-01-01T00:01:00.000Z">', 'aria-pressed="false">Pause',
  ]],
  ['#/messages', 'with more of each', ['aria-label="Delete the message m"']],
])('%s %s has its accessible names and limits', (hash, variant, attributes) => {
  const text = html(hash, variants[variant]?.()).replace(/ (maxLength|dateTime|tabIndex)=/g, (n) => n.toLowerCase());
  for (const attribute of attributes) expect(text).toContain(attribute);
});

test.each([
  ['#/people/new', ['The lounge, plain,']],
  ['#/people/new?room=plain', ['The lounge, > plain,']],
  ['#/rooms', ['[#/rooms/lobby] The lounge | lobby', '[#/rooms/plain] plain | plain']],
  ['#/rooms/lobby', ['The lounge\n[#/rooms] All rooms']],
  ['#/rooms/plain', ['plain\n[#/rooms] All rooms']],
  ['#/people', ['[#/rooms/lobby] The lounge']],
  ['#/tokens', ['[#/rooms/lobby] The lounge', '[#/rooms/plain] plain']],
])('%s shows the name of a room, or the ID of a room without a name', (hash, texts) => {
  const rooms = data.rooms.map((room) => ({ ...room, name: room.name && 'The lounge' }));
  const shown = render(hash, { rooms });
  for (const text of texts) expect(shown).toContain(text);
});

test('a table shows its first 200 rows', () => {
  const rooms = Array.from({ length: 201 }, (_, index) => ({ ...data.rooms[1]!, arn: `arn:x/room${index}` }));
  const text = render('#/rooms', { rooms });
  expect(text).toContain('[#/rooms/room199]');
  expect(text).not.toContain('[#/rooms/room200]');
  expect(text).toContain('The first 200 of 201.');
  expect(render('#/rooms', { rooms: rooms.slice(1) })).not.toContain('The first');
});

test('the search narrows the active faults', () => {
  const removable = (hash: string) => html(hash).match(/(?<=aria-label="Remove )[^"]*/g);
  expect(removable('#/faults')).toEqual(['Throttle', 'latency of SendEvent']);
  expect(removable('#/faults?q=sendevent')).toEqual(['latency of SendEvent']);
});

test('the output of functions has a filter if there are two or more log groups', () => {
  const shown = (count: number) => render('#/logs', { logLines: logLines.slice(0, count) }).includes('·');
  expect([0, 1, 2].map(shown)).toEqual([false, false, true]);
  expect(render('#/logs?group=x')).toContain('\nNo line matches.\n');
});

test('a user who left has the capabilities of the last connection', () => {
  const frame = (number: number, type: string, content: object) =>
    ({ ...data.frames[0]!, number, type, direction: 'connection' as const, userId: 'eve', content });
  const connect = (number: number, Capabilities: string[], team: string) =>
    frame(number, 'CONNECT', { UserId: 'eve', Capabilities, Attributes: { team } });
  const close = (number: number) => frame(number, 'CLOSE', { Code: 1006, Reason: 'lost' });
  const frames = [connect(1, ['SEND_MESSAGE'], 'red'), close(2), connect(3, [], 'blue'), close(4)];
  const text = render('#/people/lobby/eve', { connections: [], tokens: [], frames });
  expect(text).toContain('Capabilities: view only\nAttributes: {"team":"blue"}\n');
});

test('deliveries of chat logs are not operations of the control plane', () => {
  const shown = (show: string) => new Set(render(`#/requests?show=${show}`)
    .match(/(?<=\[#.requests.\d.*\] )\w+(?= \| \()/g));
  expect(shown('operations')).toEqual(new Set(['CreateRoom', 'GetRoom', 'CreateChatToken']));
  expect(shown('messaging')).toEqual(new Set([
    'LogDelivery', 'DISCONNECT_USER', 'DELETE_MESSAGE', 'SEND_MESSAGE', 'CONNECT',
  ]));
});

test.each<[string | undefined, object | undefined, boolean]>([
  ['us-west-2', {}, true],
  ['us-west-2', undefined, false],
  [undefined, {}, false],
])('a request of the Region %s with the input %j can be copied: %s', (region, input, can) => {
  const request = data.requests.find(({ operation }) => operation === 'GetRoom')!;
  const markup = html('#/requests/13', { requests: [{ ...request, region: region!, input }] });
  expect(markup.includes('aria-label="Copy as AWS CLI"')).toBe(can);
});

test.each([
  ['CREATE_COMPLETE', 'good'],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'warn'],
  ['UPDATE_ROLLBACK_IN_PROGRESS', 'bad'],
  ['ROLLBACK_COMPLETE', 'bad'],
  ['DELETE_IN_PROGRESS', 'warn'],
  ['DELETE_FAILED', 'bad'],
  ['DELETE_COMPLETE', 'plain'],
])('the status %s is %s', (status, tone) => {
  expect(render('#/stack', { stacks: [{ ...stacks[1]!, status }] }))
    .toContain(`\n(${tone}: ${status.toLowerCase().replaceAll('_', ' ')})\n`);
});

test('a stack explains its own failure, and those of its resources', () => {
  const [{ resources }, other] = stacks as [ConsoleData['stacks'][number], ConsoleData['stacks'][number]];
  const explanation = (over: Partial<ConsoleData['stacks'][number]>) =>
    /(?<=class="explanation bad">).*?(?=<\/div>)/.exec(html('#/stack', { stacks: [{ ...other, ...over }] }))?.[0];
  expect(explanation({})).toBeUndefined();
  expect(explanation({ statusReason: 'It failed' })).toBe('<p>It failed</p>');
  expect(explanation({ resources })).toBe('<p><b>Room</b>: no name</p>');
});
