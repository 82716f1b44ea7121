/** docs/quotas.md has the limits of the contract and the quotas of the local service. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceQuotas, requestRate } from '../../local/ivs-chat/quotas';
import * as banList from '../../src/contract/chat-api/ban-list-constraints';
import { CHAT_API_MAXIMUM_BODY_BYTES } from '../../src/contract/chat-api/problems';
import * as constraints from '../../src/contract/generated/constraints';
import * as operations from '../../src/contract/generated/operations';
import { MAXIMUM_USER_TAGS } from '../../src/contract/ownership-tags';
import { regions } from '../../src/contract/regions';
import { ROOM_DEFAULTS } from '../../src/contract/room-properties';
import type { Limits, Shape } from '../../src/contract/shape';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'quotas.md'), 'utf8');

/** The rows of all tables of the page. */
const rows = [...page.matchAll(/^\| (.+) \|$/gm)].map(([, cells]) => cells!.split(' | '));
const valueOf = (quota: string) => rows.find(([name]) => name === quota)?.[1];
const number = (value: number) => value.toLocaleString('en-US');

test.each([
  ['Rooms', serviceQuotas.rooms],
  ['Logging configurations', serviceQuotas.loggingConfigurations],
  ['Concurrent connections to all rooms', serviceQuotas.concurrentConnections],
  ['Messaging requests per second, for each connection', serviceQuotas.messagingRequestsPerConnection],
  ['Messages per second in all rooms', serviceQuotas.sendMessagePerSecond],
  ['Message deletions per second in all rooms', serviceQuotas.deleteMessagePerSecond],
  ['User disconnections per second in all rooms', serviceQuotas.disconnectUserPerSecond],
])('the quota %s is %d', (quota, value) => {
  expect(valueOf(quota)).toBe(number(value));
});

test('the message rate of a room has its range and its default', () => {
  const { minimum, maximum } = constraints.RoomMaxMessageRatePerSecond;
  const rate = `${minimum} to ${maximum}, default ${ROOM_DEFAULTS.maximumMessageRatePerSecond}`;
  expect(valueOf('Messages per second in a room')).toBe(rate);
});

test.each(Object.keys(operations))('the page has the request rate of %s in the local service', (operation) => {
  const row = rows.find(([names]) => names!.includes(`\`${operation}\``));
  expect(row?.[1]).toBe(String(requestRate(operation)));
});

/** The shapes with a limit that the page names, by the name in the contract. */
const limited = rows.flatMap(([name, limit]) => {
  const shape = /^`(\w+)`/.exec(name!)?.[1] ?? '';
  const found = ({ ...constraints, ...banList } as { [name: string]: Shape })[shape];
  return found ? [[shape, limit!, found] as const] : [];
});

test.each(limited)('the limit of %s is %s', (_, limit, shape) => {
  const { minimum = 0, maximum } = shape as Limits;
  const { maximumBytes } = shape as { maximumBytes?: number };
  const expected = maximumBytes === undefined
    ? `${number(minimum)} to ${number(maximum!)}`
    : `${number(maximumBytes)} bytes`;
  expect(limit).toMatch(new RegExp(`^${expected}\\b`));
});

test('the page has the limits of all values that a user chooses', () => {
  expect(limited.length).toBeGreaterThanOrEqual(20);
});

test('the page has the number of tags of the library and the size of a request of the chat API', () => {
  expect(valueOf('`Tags`')).toContain(`, ${constraints.Tags.maximum! - MAXIMUM_USER_TAGS} of which`);
  expect(valueOf('Body of a request')).toBe(`${number(CHAT_API_MAXIMUM_BODY_BYTES)} bytes`);
});

test.each(['docs/rooms.md', 'docs/getting-started.md'])('%s lists all Regions', (file) => {
  const text = readFileSync(join(root, file), 'utf8').replace(/\s+/g, ' ');
  expect(text.includes(`${regions.slice(0, -1).join(', ')} and ${regions.at(-1)}`)).toBe(true);
});
