import { colorOf, initialsOf } from '../../../examples/live-chat/page/people';

test('a user always has the same color, and users have different colors', () => {
  expect(colorOf('ada')).toBe(colorOf('ada'));
  expect(new Set(['ada', 'grace', 'edsger', 'barbara'].map(colorOf)).size).toBe(4);
});

test.each([
  ['Ada', 'A'], ['Ada Lovelace', 'AL'], ['  ada   king lovelace ', 'AK'], ['𝒜da 🎉', '𝒜🎉'], ['', ''],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
