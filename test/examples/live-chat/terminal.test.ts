/** The lines that `npm start` prints. */
import { Terminal } from '../../../examples/live-chat/terminal';

/** Returns a terminal, and a function that returns everything that it has printed. */
function newTerminal({ verbose = false, isTTY = false, hasColors = false } = {}) {
  let printed = '';
  const output = {
    isTTY,
    hasColors: () => hasColors,
    write: (text: string) => {
      printed += text;
      return true;
    },
  };
  return { terminal: new Terminal(output as never, { verbose }), printed: () => printed };
}

/** The time of the steps in milliseconds. */
let now = 0;
beforeEach(() => {
  now = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.useFakeTimers({ doNotFake: ['Date'] });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const dim = (text: string) => `\x1b[2m${text}\x1b[22m`;

test.each([
  [{}, '✔ cdk deploy (3 of 13 resources)  12.3 s\n'],
  [{ verbose: true }, '  LiveChat | 3/13 | CREATE_COMPLETE\n✔ cdk deploy (3 of 13 resources)  12.3 s\n'],
  [{ verbose: true, isTTY: true }, '  LiveChat | 3/13 | CREATE_COMPLETE\n✔ cdk deploy (3 of 13 resources)  12.3 s\n'],
  [{ hasColors: true }, `\x1b[32m✔\x1b[39m cdk deploy${dim(' (3 of 13 resources)')}  ${dim('12.3 s')}\n`],
])('with %j, a step prints one line with its name, its progress and its time', async (options, expected) => {
  const { terminal, printed } = newTerminal(options);
  const result = await terminal.step('cdk deploy', async ({ detail, summary }) => {
    summary('1 of 13 resources');
    detail('LiveChat | 3/13 | CREATE_COMPLETE');
    summary('3 of 13 resources');
    now += 12_340;
    return 42;
  });
  expect(result).toBe(42);
  expect(printed()).toBe(expected);
});

test.each([
  [{}, '✘ cdk deploy  0.0 s\n  the step\n  the reason\n'],
  [{ verbose: true }, '  the step\n  the reason\n✘ cdk deploy  0.0 s\n'],
  [{ hasColors: true }, `\x1b[31m✘\x1b[39m cdk deploy  ${dim('0.0 s')}\n  the step\n  the reason\n`],
  [{ isTTY: true }, '\r\x1b[K⠋ cdk deploy  0.0 s\r\x1b[K✘ cdk deploy  0.0 s\n  the step\n  the reason\n'],
])('with %j, a failed step prints its details once, and throws the error', async (options, expected) => {
  const { terminal, printed } = newTerminal(options);
  const failed = terminal.step('cdk deploy', async ({ detail }) => {
    detail('the step');
    detail('the reason');
    throw new Error('cdk deploy ended with 1');
  });
  await expect(failed).rejects.toThrow('cdk deploy ended with 1');
  expect(printed()).toBe(expected);
  expect(jest.getTimerCount()).toBe(0);
});

test('a terminal shows a moving line, which the last line replaces', async () => {
  const { terminal, printed } = newTerminal({ isTTY: true, hasColors: true });
  let end = () => {};
  const step = terminal.step('Wait', ({ summary }) => new Promise<void>((resolve) => {
    end = resolve;
    summary('half');
  }));
  const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏⠋'];
  for (const _ of frames.slice(1)) {
    now += 80;
    jest.advanceTimersByTime(80);
  }
  end();
  await step;
  jest.advanceTimersByTime(1000);
  const moving = frames.map((frame, tick) =>
    `\r\x1b[K\x1b[36m${frame}\x1b[39m Wait${tick ? dim(' (half)') : ''}  ${dim(`${(0.08 * tick).toFixed(1)} s`)}`);
  expect(printed()).toBe(`${moving.join('')}\r\x1b[K\x1b[32m✔\x1b[39m Wait${dim(' (half)')}  ${dim('0.8 s')}\n`);
});

test('a text has a line of its own, which can be empty', () => {
  const { terminal, printed } = newTerminal();
  terminal.print('Chat');
  terminal.print();
  expect(printed()).toBe('Chat\n\n');
});

test('the text has colors only if the output has colors', () => {
  expect(newTerminal().terminal.style('bold', 'Chat')).toBe('Chat');
  // A file or a pipe cannot tell whether it has colors.
  expect(new Terminal({} as never, { verbose: false }).style('bold', 'Chat')).toBe('Chat');
  expect(newTerminal({ hasColors: true }).terminal.style('bold', 'Chat')).toBe('\x1b[1mChat\x1b[22m');
});

test('a box is as wide as its longest line, without the control characters', () => {
  const { terminal, printed } = newTerminal({ hasColors: true });
  terminal.box([terminal.style('bold', 'Chat'), 'http://127.0.0.1:3000']);
  expect(printed().split('\n')).toEqual([
    dim('╭─────────────────────────╮'),
    `${dim('│')}  \x1b[1mChat\x1b[22m                   ${dim('│')}`,
    `${dim('│')}  http://127.0.0.1:3000  ${dim('│')}`,
    dim('╰─────────────────────────╯'),
    '',
  ]);
});
