import type { ChatSnapshot } from 'cdk-ivs-chat/session';

/** Returns a hue for a user, in degrees. The same user always has the same hue. */
export function hueOf(userId: string): number {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return hash;
}

/** Returns the first letters of at most two words of a name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => [...word][0] ?? '').join('').toUpperCase();
}

/** The users who have written messages, with their names. */
export type People = ReadonlyMap<string, string>;

/** Returns the users who have written the messages in this list. */
export function peopleIn(messages: ChatSnapshot['messages']): People {
  const people = new Map<string, string>();
  for (const entry of messages) {
    if (entry.type === 'gap' || !entry.sender.userId) continue;
    people.set(entry.sender.userId, entry.sender.attributes.displayName ?? entry.sender.userId);
  }
  return people;
}

/** Returns the users who share their name with another user. */
export function namesakesIn(people: People): ReadonlySet<string> {
  const userOf = new Map<string, string>();
  const namesakes = new Set<string>();
  for (const [userId, name] of people) {
    const other = userOf.get(name.toLowerCase());
    if (other) namesakes.add(other).add(userId);
    userOf.set(name.toLowerCase(), userId);
  }
  return namesakes;
}

const ADJECTIVES = ['Bright', 'Calm', 'Clever', 'Gentle', 'Happy', 'Lucky', 'Quick', 'Quiet', 'Sunny', 'Swift'];
const ANIMALS = ['Badger', 'Falcon', 'Fox', 'Heron', 'Lynx', 'Otter', 'Owl', 'Panda', 'Robin', 'Whale'];

/** Returns a name for a user who has not chosen one. */
export function suggestName(random: () => number = Math.random): string {
  const oneOf = (words: string[]) => words[Math.floor(random() * words.length)];
  return `${oneOf(ADJECTIVES)} ${oneOf(ANIMALS)}`;
}
