/** Returns the name that a misspelt name is likely to mean, if any. */
export function similarName(misspelt: string, names: readonly string[]): string | undefined {
  const similar = names.filter((name) => isSimilar(misspelt.toLowerCase(), name.toLowerCase()));
  return similar.find((name) => name.startsWith(misspelt)) ?? similar[0];
}

function isSimilar(one: string, other: string): boolean {
  const longest = Math.max(one.length, other.length);
  const prefix = commonPrefix(one, other);
  if (prefix >= 8 && prefix / longest >= 0.6) return true;
  return editDistance(one, other) <= longest / 4;
}

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Returns the number of characters to insert, delete or replace (the Levenshtein distance). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = previous[column - 1]! + Number(one[row - 1] !== other[column - 1]);
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced));
    }
    previous = current;
  }
  return previous[other.length]!;
}
