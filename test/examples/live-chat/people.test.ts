import { hueOf, initialsOf, namesakesIn, peopleIn, suggestName } from '../../../examples/live-chat/page/people';

test('a user always has the same color, and users have different colors', () => {
  expect(hueOf('ada')).toBe(hueOf('ada'));
  expect(new Set(['ada', 'grace', 'edsger', 'barbara'].map(hueOf)).size).toBe(4);
});

test.each([
  ['Ada', 'A'], ['Ada Lovelace', 'AL'], ['  ada   king lovelace ', 'AK'], ['𝒜da 🎉', '𝒜🎉'], ['', ''],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

const message = (userId: string, displayName?: string) =>
  ({ type: 'message', sender: { userId, attributes: { ...displayName && { displayName } } } }) as any;

test('the people are the users who have written, with their last name', () => {
  const gap = { type: 'gap' } as any;
  const people = peopleIn([message('a', 'Ada'), gap, message('b'), message('a', 'Ada L.'), message('', 'Nobody yet')]);
  expect([...people]).toEqual([['a', 'Ada L.'], ['b', 'b']]);
});

test('namesakes are the users who share their name with another user', () => {
  const people = new Map([['1', 'Ada'], ['2', 'Bob'], ['3', 'ADA'], ['4', 'ada'], ['5', 'Adam']]);
  expect([...namesakesIn(people)].sort()).toEqual(['1', '3', '4']);
});

test('the suggested names have two words', () => {
  expect(suggestName(() => 0)).toBe('Bright Badger');
  expect(suggestName(() => 0.999)).toBe('Swift Whale');
});

describe('the colors of users', () => {
  /** Returns the relative luminance of a color in OKLCH, clipped to sRGB. */
  function luminance(lightness: number, chroma: number, hue: number): number {
    const [a, b] = [Math.cos, Math.sin].map((of) => chroma * of(hue * Math.PI / 180)) as [number, number];
    const [l, m, s] = [
      lightness + 0.3963377774 * a + 0.2158037573 * b,
      lightness - 0.1055613458 * a - 0.0638541728 * b,
      lightness - 0.0894841775 * a - 1.291485548 * b,
    ].map((root) => root ** 3) as [number, number, number];
    const [red, green, blue] = [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ].map((value) => Math.min(1, Math.max(0, value))) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function luminanceOfHex(hex: string): number {
    const [red, green, blue] = [1, 3, 5].map((start) => {
      const value = parseInt(hex.slice(start, start + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const hues = [...Array(360).keys()];
  const lowest = (color: [number, number], backgrounds: string[]) => Math.min(...hues.flatMap((hue) =>
    backgrounds.map((background) => contrast(luminance(...color, hue), luminanceOfHex(background)))));

  // The colors of chat.css.
  test.each([
    ['initials', [0.5, 0.13], ['#ffffff']],
    ['names in the light theme', [0.45, 0.13], ['#ffffff', '#f1effd', '#f2f1f6', '#fff3d6']],
    ['names in the dark theme', [0.82, 0.1], ['#17161e', '#201d38', '#211f2b', '#35290f']],
  ] as const)('%s have a contrast of at least 4.5 for each hue', (_, color, backgrounds) => {
    expect(lowest([...color], [...backgrounds])).toBeGreaterThanOrEqual(4.5);
  });
});
