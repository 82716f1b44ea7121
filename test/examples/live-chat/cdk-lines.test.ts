/** The lines of the stack that the page shows beside requests and frames. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdkLinesOf } from '../../../examples/live-chat/page/cdk-lines';

const file = join(__dirname, '..', '..', '..', 'examples', 'live-chat', 'live-chat-stack.ts');
const source = readFileSync(file, 'utf8');
const linesOf = (name: string, body = {}) =>
  cdkLinesOf(source, { key: 1, time: new Date(), direction: 'in', name, body });

test.each([
  ['POST /create-chat-token', {}, 'const chat = new ChatApi('],
  ['403 /ban-user', {}, 'const chat = new ChatApi('],
  ['poll', {}, 'const chat = new ChatApi('],
  ['announcement', {}, 'const chat = new ChatApi('],
  ['MESSAGE', {}, 'const room = new ChatRoom('],
  ['ERROR', { ErrorCode: 429 }, 'const room = new ChatRoom('],
  ['ERROR', { ErrorCode: 406 }, 'const review = new NodejsFunction('],
])('%s %j depends on a whole statement of the stack', (name, body, start) => {
  const lines = linesOf(name, body);
  expect(lines[0]!.text).toContain(start);
  expect(lines.at(-1)!.text).toBe('});');
  for (const { number, text } of lines) expect(source.split('\n')[number - 1]!.trim()).toBe(text.trim());
});

test('a statement can have one line', () => {
  const short = "    const room = new ChatRoom(this, 'Room');\n\n    const other = 1;";
  expect(cdkLinesOf(short, { key: 1, time: new Date(), direction: 'in', name: 'MESSAGE', body: {} }))
    .toEqual([{ number: 1, text: "const room = new ChatRoom(this, 'Room');" }]);
});

test('without the source, there are no lines', () => {
  expect(cdkLinesOf('', { key: 1, time: new Date(), direction: 'in', name: 'MESSAGE', body: {} })).toEqual([]);
});
