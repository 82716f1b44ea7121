/** The lines that `npm start` prints. */
import { stripVTControlCharacters } from 'node:util';
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

const TIME = /\d+\.\d s/g;

test('a step prints one line with its name, its progress and its time', async () => {
  const { terminal, printed } = newTerminal();
  const result = await terminal.step('cdk deploy', async ({ detail, summary }) => {
    summary('1 of 13 resources');
    detail('LiveChat | 3/13 | CREATE_COMPLETE');
    summary('3 of 13 resources');
    return 42;
  });
  expect(result).toBe(42);
  expect(printed().replace(TIME, 'TIME')).toBe('✔ cdk deploy (3 of 13 resources)  TIME\n');
});

test('a failed step prints its details once, and throws the error', async () => {
  for (const verbose of [false, true]) {
    const { terminal, printed } = newTerminal({ verbose });
    const failed = terminal.step('cdk deploy', async ({ detail }) => {
      detail('the reason');
      throw new Error('cdk deploy ended with 1');
    });
    await expect(failed).rejects.toThrow('cdk deploy ended with 1');
    expect(printed()).toContain('✘ cdk deploy');
    expect(printed().split('the reason')).toHaveLength(2);
  }
});

test('a terminal shows a moving line, which the last line replaces', async () => {
  const { terminal, printed } = newTerminal({ isTTY: true });
  await terminal.step('Wait', async () => {});
  expect(printed().replace(TIME, 'TIME')).toBe('\r\x1b[K⠋ Wait  TIME\r\x1b[K✔ Wait  TIME\n');
});

test('the text has colors only if the output has colors', () => {
  expect(newTerminal().terminal.style('bold', 'Chat')).toBe('Chat');
  expect(newTerminal({ hasColors: true }).terminal.style('bold', 'Chat')).toBe('\x1b[1mChat\x1b[22m');
});

test('a box is as wide as its longest line, without the control characters', () => {
  const { terminal, printed } = newTerminal({ hasColors: true });
  terminal.box([terminal.style('bold', 'Chat'), 'http://127.0.0.1:3000']);
  expect(stripVTControlCharacters(printed()).split('\n')).toEqual([
    '╭─────────────────────────╮',
    '│  Chat                   │',
    '│  http://127.0.0.1:3000  │',
    '╰─────────────────────────╯',
    '',
  ]);
});
