/** The blocklist finds words in disguise, and it accepts ordinary messages. */
import fc from 'fast-check';
import { createBlocklist } from '../../../lambda/blocklist';
import { normalize } from '../../../lambda/blocklist/normalize';

const blocklist = createBlocklist();

/** The words of the tests, by the way in which they try to pass. */
const bypasses: { readonly [kind: string]: readonly string[] } = {
  'letter case': ['FUCK', 'sHiT', 'BiTcH', 'Asshole', 'CUNT you'],
  'digits and signs for letters': ['sh1t', 'b1tch', '@sshole', 'fuck1ng', 'd1ckhead'],
  'blanks between letters': ['f u c k', 's h i t', 'b i t c h', 'what the f u c k', 'f  u  c  k'],
  'punctuation between letters': ['f.u.c.k', 's-h-i-t', 'b_i_t_c_h', 'f*u*c*k you', 'c.u.n.t'],
  'invisible characters': ['f\u200buck', 's\u00adhit', 'b\u2060itch', '\u202efuck', 'cu\ufeffnt'],
  'combining marks': ['f\u0336u\u0336c\u0336k\u0336', 'shi\u0301t', 'b\u0302itch', 'fu\u0308ck', 'c\u0327unt'],
  'full-width and mathematical letters': ['ｆｕｃｋ', '𝐟𝐮𝐜𝐤', '𝓼𝓱𝓲𝓽', 'ⓑⓘⓣⓒⓗ', '𝕔𝕦𝕟𝕥'],
  'letters of other scripts': ['fuсk', 'ѕhіt', 'bіtсh', 'сunt', 'αsshole'],
  'repeated letters': ['fuuuuuck', 'shiiiiit', 'biiitch', 'fffuuuccckkk', 'cuuunt'],
  'several ways at once': ['f\u200b.u\u200b.c\u200b.k', 'ＳＨ1Ｔ', 's h 1 t', 'ѕ.h.1.t', 'F\u0301 U\u0301 C K\u0301'],
};

describe.each(Object.entries(bypasses))('%s', (_, texts) => {
  test.each(texts)('%j is found', (text) => {
    expect(blocklist.matches(text)).toBe(true);
    expect(blocklist.matches(`so ${text} then`)).toBe(true);
  });
});

test.each([
  'hello everyone', 'what a goal!', 'Scunthorpe United', 'a classic assassin in the grass', 'cocktails with Dickens',
  'shiitake mushrooms', 'Matsushita', 'pass the glasses', 'I a m h e r e', 'U S A ! U S A !', '1 2 3 4 5 6',
  'привет как дела', 'Καλημέρα σε όλους', 'über die Brücke', '你好世界', '😀😀😀', 'https://example.com/a?b=c', '',
])('%j is accepted', (text) => {
  expect(blocklist.matches(text)).toBe(false);
});

test('own words are found in disguise, and allowed phrases are accepted', () => {
  const own = createBlocklist({ words: ['|buy now|', 'crypto'], allowed: ['cryptography', 'cryptology'] });
  expect(['BUY NOW', 'ｃｒｙｐｔｏ', 'c r y p t o', 'fuck'].map(own.matches)).toEqual([true, true, true, true]);
  expect(['buy nowhere', 'cryptography', 'cryptology', 'shiitake', 'Scunthorpe'].map(own.matches))
    .toEqual(Array(5).fill(false));
});

test.each([
  ['авсԁеһніјкӏморԛѕтуѵԝх', 'abcdehhijklmopqstyvwx'],
  ['αβεηικνορτυχγω', 'abenikvoptuxyw'],
  ['ıłøđħŧƒꞓᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'ilodhtfcabcdefghijklmnoprstuvwyz'],
])('the letters %s are read as %s, and also unchanged', (letters, latin) => {
  expect(normalize(letters)).toEqual([letters, latin]);
});

test.each([
  ['a b c', 'abc'], ['@ s $', '@s$'], ['a.$.$', 'a$$'], ['a.1.c', 'a1c'],
  ['a   b   c', 'abc'], ['say a b c!', 'say abc!'], ['a.с.е', 'ace'],
])('the single letters in %j are joined to %j', (text, expected) => {
  expect(normalize(text)).toContain(expected);
});

test.each([
  ['a\u115fb', 'ab'], ['a\u1160b', 'ab'], ['a\u3164b', 'ab'], ['a\uffa0b', 'ab'], ['a\u00adb', 'ab'],
  ['ＳＨ１Ｔ', 'sh1t'], ['바보', '바보'], ['Über', 'uber'],
])('the text %j is read as %j', (text, expected) => {
  expect(normalize(text)).toEqual([expected]);
});

test('capital letters of other scripts are read like the small ones', () => {
  expect(normalize('ЅΗІТ')).toEqual(['ѕηіт', 'snit']);
});

test.each(['a b', 'a    b    c', 'at b c', 'a b cd'])('the letters in %j are not joined', (text) => {
  expect(normalize(text)).toEqual([text]);
});

test('a word at the end of 2000 characters is found', () => {
  const long = 'x'.repeat(1994);
  expect(blocklist.matches(`${long} fuck`)).toBe(true);
  expect(normalize('x'.repeat(3000))).toEqual(['x'.repeat(2000)]);
  expect(normalize('\ufdfa'.repeat(500))[0]).toHaveLength(2000);
});

test('any text has an answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
    expect(typeof blocklist.matches(text)).toBe('boolean');
  }), { numRuns: process.env.LONG_TESTS ? 10_000 : 300 });
});
