import {
  assignIncrementingIds, DataSet, englishDataset, englishRecommendedTransformers, parseRawPattern, RegExpMatcher,
} from 'obscenity';
import { normalize } from './normalize';

/** Ordinary words that contain a word of the package obscenity, in addition to those that it allows itself. */
const MORE_ALLOWED = ['shiitake'];

/** Options of `createBlocklist`. */
export interface BlocklistOptions {
  /**
   * More words to find. `|` at the beginning or the end of a word matches only at a boundary: `|spam|` does not match
   * `spammer`. `?` matches any character, and `[s]` is optional.
   *
   * @default - no more words
   */
  readonly words?: readonly string[];
  /** Words and phrases that are allowed although they contain a word of the list. @default - no more phrases */
  readonly allowed?: readonly string[];
}

/** A list of words that messages must not contain. */
export interface Blocklist {
  /** Returns whether a text contains a word of the list, also in disguise. */
  matches(text: string): boolean;
}

/**
 * Creates a blocklist of English profanity. It finds words with other letters, such as full-width and Cyrillic ones,
 * digits for letters, marks, invisible characters, repeated letters, and blanks or punctuation between letters.
 *
 * The words are those of the package `obscenity`, in English. A blocklist is no replacement for reports and moderators.
 *
 * @example
 * const blocklist = createBlocklist({ words: ['|buy now|'] });
 * export const handler = reviewMessage(
 *   ({ Content }) => (blocklist.matches(Content) ? deny('Please be kind') : allow()),
 *   { onError: 'DENY' },
 * );
 */
export function createBlocklist({ words = [], allowed = [] }: BlocklistOptions = {}): Blocklist {
  const { blacklistedTerms, whitelistedTerms } = new DataSet<{ originalWord: string }>()
    .addAll(englishDataset as never)
    .build();
  const more = assignIncrementingIds(words.map(parseRawPattern));
  const terms = [...blacklistedTerms, ...more.map(({ pattern }) => ({ pattern }))];
  const matcher = new RegExpMatcher({
    ...englishRecommendedTransformers,
    blacklistedTerms: terms.map(({ pattern }, id) => ({ pattern, id })),
    whitelistedTerms: [...whitelistedTerms ?? [], ...MORE_ALLOWED, ...allowed],
  });
  return { matches: (text) => normalize(text).some((form) => matcher.hasMatch(form)) };
}
