import { isOnlyEmoji, textParts } from '../../../examples/live-chat/page/text-parts';

const marked = (content: string, name = 'Ada') => textParts(content, name)
  .map(({ type, text }) => (type === 'text' ? text : `[${type} ${text}]`)).join('');

test.each([
  ['no link', 'no link'],
  ['see https://example.com/a?b=c#d.', 'see [link https://example.com/a?b=c#d].'],
  ['(https://example.com/), really', '([link https://example.com/]), really'],
  ['HTTP://EXAMPLE.COM', '[link HTTP://EXAMPLE.COM]'],
  ['javascript:alert(1) data:text/html,x ftp://x file:///etc', 'javascript:alert(1) data:text/html,x ftp://x file:///etc'],
  ['https://', 'https://'],
  ['https://a"onclick="b', '[link https://a]"onclick="b'],
  ['@Ada hi', '[mention-of-me @Ada] hi'],
  ['hi @ada!', 'hi [mention-of-me @ada]!'],
  ['@Adam and @Bob', '[mention @Adam] and [mention @Bob]'],
  ['@Ada-Lynn, @Ada_ and @Ada1', '[mention @Ada-Lynn], [mention @Ada_] and [mention @Ada1]'],
  ['@2fast, @Łukasz_1 and @李', '[mention @2fast], [mention @Łukasz_1] and [mention @李]'],
  ['@-Bob, @_Bob, @ Bob and @', '@-Bob, @_Bob, @ Bob and @'],
  ['@Adaé and @Ada²', '[mention @Adaé] and [mention @Ada²]'],
  ['ada@example.com', 'ada@example.com'],
  ['two  spaces\n@Ada', 'two  spaces\n[mention-of-me @Ada]'],
  ['', ''],
])('the parts of %j', (content, expected) => {
  expect(marked(content)).toBe(expected);
  const texts = textParts(content, 'Ada').map(({ text }) => text);
  expect(texts.join('')).toBe(content);
  expect(texts).not.toContain('');
});

test.each([...".,:;!?'()]"])('the character %s after a link is not part of the link', (character) => {
  expect(marked(`https://example.com/a${character}`)).toBe(`[link https://example.com/a]${character}`);
  expect(marked(`https://example.com/a${character}b`))
    .toBe(`[link https://example.com/a${character}b]`);
});

test.each([...'\\^$.*+?()[]{}|'])('a name can contain the character %s, also twice', (character) => {
  const name = `A${character}${character}`;
  expect(marked(`@${name} hi`, name)).toBe(`[mention-of-me @${name}] hi`);
  expect(marked('@A hi', name)).toBe('[mention @A] hi');
});

test('a name with blanks or with the characters of a pattern is a mention', () => {
  expect(marked('@Ada Lovelace hi', 'Ada Lovelace')).toBe('[mention-of-me @Ada Lovelace] hi');
  expect(marked('@(.*) hi @abc', '(.*)')).toBe('[mention-of-me @(.*)] hi [mention @abc]');
});

test('a long message is divided in a short time', () => {
  for (const piece of ['@', 'https://', '@a ', 'h', '(', '🎉']) expect(textParts(piece.repeat(500), 'Ada')).toBeDefined();
});

test.each(['🎉', '🎉🎉🎉', ' 👩‍👩‍👧 ❤️', '🇳🇴', '👍🏽'])('%j consists of emoji', (content) => {
  expect(isOnlyEmoji(content)).toBe(true);
});

test.each(['', '  ', '🎉🎉🎉🎉', '🎉 hi', '123', '#', '©a'])('%j does not consist of one to three emoji', (content) => {
  expect(isOnlyEmoji(content)).toBe(false);
});
