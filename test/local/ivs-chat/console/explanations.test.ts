import { explainRequest } from '../../../../local/ivs-chat/console/page/explanations';
import { hrefTo, parseRoute } from '../../../../local/ivs-chat/console/page/route';
import type { ShownRequest } from '../../../../local/ivs-chat/console/console-update';
import { Fixture } from '../fixture';

/** Returns the explanations of the failed requests, oldest first. */
async function explanations(fixture: Fixture) {
  const response = await fetch(`${fixture.chat.console}events`);
  const reader = response.body!.getReader();
  const text = Buffer.from((await reader.read()).value!).toString();
  await reader.cancel();
  const { requests } = JSON.parse(text.slice('data: '.length)) as { requests: ShownRequest[] };
  return requests.filter(({ status, error }) => error || status >= 400).map((request) => explainRequest(request).what);
}

test('each reason why a handshake is refused has its own explanation', async () => {
  const fixture = await Fixture.start();
  const room = await fixture.createRoom();
  const token = await fixture.token(room, 'ada');
  await fixture.open(token);
  await fixture.open(token);
  await fixture.open('unknown');
  await fixture.open();
  await fixture.open(await fixture.token(room, 'ada'), { origin: 'https://attacker.example' });
  fixture.chat.faults.add({ kind: 'throttle', operation: 'CONNECT' });
  await fixture.open(await fixture.token(room, 'ada'));
  expect(await explanations(fixture)).toEqual([
    'The chat token has already opened a connection. Each token opens one.',
    'This service did not create the chat token.',
    'The connection has no chat token.',
    expect.stringContaining('To allow it, set the option allowedOrigins'),
    'The injected fault “throttle” caused this. The request had no effect.',
  ]);
  await fixture.end();
});

test('a fault that loses the response is explained, because the request took effect', async () => {
  const fixture = await Fixture.start();
  fixture.chat.faults.add({ kind: 'lostResponse', operation: 'CreateRoom', times: 1 });
  await fixture.createRoom().catch(() => {});
  const response = await fetch(`${fixture.chat.console}events`);
  const reader = response.body!.getReader();
  const { requests } = JSON.parse(Buffer.from((await reader.read()).value!).toString().slice('data: '.length));
  await reader.cancel();
  expect(explainRequest(requests[0]).what).toContain('The request took effect');
  await fixture.end();
});

const routes = ['#/people/room1/user%2F1%3F?q=a%26b', '#/requests/7', '#/frames?show=failed'];
test.each(routes)('the route %s survives', (hash) => {
  const { page, path, query } = parseRoute(hash);
  expect(hrefTo(page, path, query)).toBe(hash);
});

test.each(['', '#', '#/nothing', '#/constructor', '#/%E0%A4%A'])('the hash "%s" is the overview', (hash) => {
  expect(parseRoute(hash).page).toBe('overview');
});
