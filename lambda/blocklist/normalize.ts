/**
 * The maximum number of characters that a filter reads. Messages have at most 500, and NFKC can make a text 18 times
 * longer.
 */
const MAXIMUM_LENGTH = 2000;

/** Letters of Cyrillic, Greek and other Latin alphabets in lower case, and the Latin letters that they look like. */
const LOOKALIKES = new Map([
  ['авсԁеһніјкӏморԛѕтуѵԝх', 'abcdehhijklmopqstyvwx'],
  ['αβεηικνορτυχγω', 'abenikvoptuxyw'],
  ['ıłøđħŧƒꞓᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'ilodhtfcabcdefghijklmnoprstuvwyz'],
].flatMap(([letters, latin]) => [...letters!].map((letter, index) => [letter, latin![index]!] as const)));

/** Three or more single letters or digits with other characters between them, such as `a b c` and `a.b.c`. */
const SINGLE_LETTERS = /(?<![\p{L}\p{N}])[\p{L}\p{N}@$](?:[^\p{L}\p{N}@$]{1,3}[\p{L}\p{N}@$]){2,}(?![\p{L}\p{N}])/gu;

/**
 * Returns the texts in which a filter looks for words: the plain text, the text with look-alikes replaced by Latin
 * letters, and both with single letters joined.
 *
 * Marks and invisible characters are removed, and compatibility characters such as full-width letters are replaced.
 */
export function normalize(text: string): string[] {
  const plain = text.slice(0, MAXIMUM_LENGTH)
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{M}\u115f\u1160\u3164\uffa0]/gu, '')
    .normalize('NFKC')
    .slice(0, MAXIMUM_LENGTH)
    .toLowerCase();
  const latin = plain.replace(/[^\x00-\x7f]/gu, (letter) => LOOKALIKES.get(letter) ?? letter);
  return [...new Set([plain, latin, joined(plain), joined(latin)])];
}

function joined(text: string): string {
  return text.replace(SINGLE_LETTERS, (letters) => letters.replace(/[^\p{L}\p{N}@$]/gu, ''));
}
