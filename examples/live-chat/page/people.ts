/** Returns a color for a user. The same user always has the same color. */
export function colorOf(userId: string): string {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return `hsl(${hash} 55% 45%)`;
}

/** Returns the first letters of at most two words of a name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => [...word][0] ?? '').join('').toUpperCase();
}
