/** Returns a color for a user, on which white text is readable. The same user always has the same color. */
export function colorOf(userId: string): string {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return `oklch(0.5 0.13 ${hash})`;
}

/** Returns the first letters of at most two words of a name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => [...word][0] ?? '').join('').toUpperCase();
}
