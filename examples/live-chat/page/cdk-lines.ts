import type { WireEntry } from './wire-log';

/** The code of the stack that a request or a frame depends on. The first matching rule applies. */
const RULES: readonly { matches(entry: WireEntry): boolean; statement: string }[] = [
  { matches: ({ body }) => (body as { ErrorCode?: number }).ErrorCode === 406, statement: 'const review = ' },
  { matches: ({ name }) => name.includes('/'), statement: 'const chat = new ChatApi(' },
  { matches: ({ name }) => ['announcement', 'poll'].includes(name), statement: 'const chat = new ChatApi(' },
  { matches: () => true, statement: 'const room = new ChatRoom(' },
];

/** Returns the lines of the statement in the source of the stack, with their numbers. */
export function cdkLinesOf(source: string, entry: WireEntry): { number: number; text: string }[] {
  const lines = source.split('\n');
  const { statement } = RULES.find(({ matches }) => matches(entry))!;
  const first = lines.findIndex((line) => line.includes(statement));
  if (first < 0) return [];
  const end = lines.findIndex((line, index) => index >= first && line.endsWith(';'));
  return lines.slice(first, end + 1).map((text, index) => ({ number: first + index + 1, text: text.slice(4) }));
}
