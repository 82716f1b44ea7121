/** Renders the pages of the console to text, with the server renderer of React, because Preact has none here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-ivschat';
import { buildSync } from 'esbuild';
import { VirtualClock } from '../../../../local/clock';
import { emptyData, updatedData, type ConsoleData } from '../../../../local/ivs-chat/console/page/live-console';
import { parseRoute } from '../../../../local/ivs-chat/console/page/route';
import { failure, Fixture } from '../fixture';

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

const time = '1970-01-01T00:01:00.000Z';
const uri = 'arn:aws:lambda:us-west-2:123456789012:function:LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ:live';

/** The data of a service after a typical minute. The IDs of its rooms are lobby and plain. */
let data: ConsoleData;

const link = /<a [^>]*href="([^"]*)"[^>]*?( aria-current="true")?>/g;

/** Returns the texts of a page. Badges have their tone in front, and links their address. */
function render(hash: string, shown: Partial<ConsoleData> = {}): string {
  const route = parseRoute(hash);
  const props = { data: { ...data, ...shown }, route, search: route.query.q ?? '', now: Date.parse(time) };
  return page.exports.render(props)
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
  const clock = new VirtualClock(0);
  let bytes = 0;
  const fixture = await Fixture.start({
    clock,
    random: (size) => Uint8Array.from({ length: size }, () => bytes++), // no ID can match a search by accident
    verifySignatures: false,
    invokeFunction: async (_arn, { Content }) => ({ ReviewResult: Content === 'spam' ? 'DENY' : 'ALLOW', Content }),
    logDestinations: {
      putObject: () => {}, putLogEvents: () => { throw new Error('NoSuchGroup'); }, putRecordBatch: () => {},
    },
  });
  const { call, faults, flushLogs } = fixture.chat;
  const logging = async (name: string, destinationConfiguration: object) =>
    (await call('CreateLoggingConfiguration', { name, destinationConfiguration })).arn as string;
  const group = await logging('archive', { cloudWatchLogs: { logGroupName: 'group' } });
  const stream = await logging('', { firehose: { deliveryStreamName: 'stream' } });
  const plain = await fixture.createRoom();
  const lobby = await fixture.createRoom({
    name: 'lobby',
    messageReviewHandler: { uri, fallbackResult: 'DENY' },
    maximumMessageLength: 280,
    maximumMessageRatePerSecond: 5,
    loggingConfigurationIdentifiers: [group, stream],
  });
  await fixture.token(lobby, 'late');
  clock.advance(60_000);
  const ada = await fixture.connect(lobby, 'ada', ['SEND_MESSAGE', 'DELETE_MESSAGE', 'DISCONNECT_USER'], {
    attributes: { displayName: 'Ada' },
  });
  const bob = await fixture.connect(lobby, 'bob', [], { sessionDurationInMinutes: 3 });
  const { Id } = await ada.ask({ Action: 'SEND_MESSAGE', Content: 'hello' });
  await ada.ask({ Action: 'SEND_MESSAGE', Content: 'spam' });
  await ada.ask({ Action: 'DELETE_MESSAGE', Id, Reason: 'rude' });
  await ada.ask({ Action: 'DISCONNECT_USER', UserId: 'bob' });
  await bob.closed;
  await fixture.token(plain, 'carl');
  await failure(fixture.client.send(new sdk.GetRoomCommand({ identifier: plain.replace(/.{12}$/, 'AAAAAAAAAAAA') })));
  faults.add({ kind: 'throttle' });
  faults.add({ kind: 'latency', operation: 'SendEvent', times: 2, probability: 0.5 });
  await failure(fixture.createRoom());
  await flushLogs();
  const update = await fixture.firstUpdate();
  await fixture.end();
  const text = JSON.stringify(update).replaceAll(plain.slice(-12), 'plain').replaceAll(lobby.slice(-12), 'lobby')
    .replaceAll(group.slice(-12), 'group').replaceAll(stream.slice(-12), 'stream').replaceAll(Id, 'message')
    .replace(/"(milliseconds|p95)":[^,}]+/g, '"$1":7').replace(/"requestId":"[0-9a-f-]{36}"/g, '"requestId":"request"');
  Object.assign(globalThis, { location: new URL('http://127.0.0.1:1/') });
  data = updatedData(emptyData, JSON.parse(text));
});

const stacks: ConsoleData['stacks'] = [
  {
    name: 'Chat',
    status: 'UPDATE_ROLLBACK_COMPLETE',
    statusReason: 'It failed',
    lastUpdated: time,
    outputs: [{ name: 'Url', value: 'http://127.0.0.1:8080/' }],
    resources: [
      { logicalId: 'Review', physicalId: 'review', type: 'AWS::Lambda::Function', status: 'CREATE_COMPLETE' },
      { logicalId: 'Lobby', physicalId: 'arn:x:room/lobby', type: 'Custom::Room', status: 'UPDATE_IN_PROGRESS' },
      { logicalId: 'Old', physicalId: 'old', type: 'AWS::S3::Bucket', status: 'DELETE_COMPLETE' },
      { logicalId: 'Room', type: 'Custom::Room', status: 'CREATE_FAILED', statusReason: 'no name' },
    ],
    events: [{ time, logicalId: 'Room', type: 'Custom::Room', status: 'CREATE_FAILED', statusReason: 'no name' }],
  },
  { name: 'Other', status: 'CREATE_COMPLETE', lastUpdated: time, outputs: [], resources: [], events: [] },
];
const logLines = ['/aws/lambda/LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ', 'AccessLogGroup'].map((logGroupName, index) => ({
  id: String(index), time, logGroupName, message: `line ${index}`,
}));
const service = () => ({ ...data.service, hasStacks: true });

/** Changes of the data for some pages. */
const variants: { readonly [name: string]: () => Partial<ConsoleData> } = {
  'without data': () => emptyData,
  'with a deployment endpoint': () => ({ ...emptyData, service: service() }),
  'with stacks': () => ({ stacks, logLines, service: service() }),
  'with two connections': () => ({ connections: [data.connections[0]!, data.connections[0]!] }),
  'with a role': () => ({
    requests: [{ ...data.requests[0]!, caller: 'arn:aws:sts::1:assumed-role/LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ/s' }],
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
