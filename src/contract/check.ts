import type { Shape } from './shape';

/** One thing that is wrong with a value. */
export interface Problem {
  /** Where: `name`, `tags.team`, `capabilities[1]`. */
  readonly path: string;
  /** What, without the path: `must be between 1 and 100, got 101`. Never shows a sensitive value. */
  readonly message: string;
}

/** The number of Unicode code points, which is what the service counts. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The number of bytes of the text in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The value as an error shows it: short, and nothing of a sensitive one. */
function shown(shape: Shape, value: unknown): string {
  if (shape.sensitive) return 'got a value that is not shown because it is sensitive';
  const json = typeof value === 'number' || typeof value === 'bigint' ? String(value) : jsonOf(value);
  return `got ${json.length > 100 ? `${json.slice(0, 100)}… (${json.length} characters)` : json}`;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch { // circular, or with a bigint inside
    return typeof value;
  }
}

/** What a count may be: `at least 1`, `at most 3`, `between 1 and 128`, `exactly 12`. */
function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined || (minimum === 0 && maximum !== undefined)) return `at most ${maximum}`;
  if (maximum === undefined) return `at least ${minimum}`;
  return minimum === maximum ? `exactly ${minimum}` : `between ${minimum} and ${maximum}`;
}

const outside = (count: number, minimum = -Infinity, maximum = Infinity) => count < minimum || count > maximum;

/**
 * Holds a value against the constraints of its shape.
 *
 * Returns all that is wrong, in the order of the shape's members; never throws. Absent (`undefined` or `null`) optional
 * members are fine, unknown members are ignored, as the service does both.
 */
export function check(shape: Shape, value: unknown, path = ''): Problem[] {
  const wrong = (message: string): Problem[] => [{ path, message }];
  switch (shape.type) {
    case 'string': {
      if (typeof value !== 'string') return wrong(`must be a string, ${shown(shape, value)}`);
      const problems: Problem[] = [];
      const length = codePoints(value);
      if (outside(length, shape.minimumLength, shape.maximumLength)) {
        problems.push({ path, message: `must be ${range(shape.minimumLength, shape.maximumLength)} characters, got ${length}` });
      }
      if (shape.pattern && !shape.pattern.test(value)) {
        problems.push({ path, message: `must be ${shape.patternDescription} (${shape.pattern.source}), ${shown(shape, value)}` });
      }
      if (shape.values && !shape.values.includes(value)) {
        problems.push({ path, message: `must be one of ${shape.values.join(', ')}, ${shown(shape, value)}` });
      }
      return problems;
    }
    case 'integer':
      if (!Number.isInteger(value)) return wrong(`must be an integer, ${shown(shape, value)}`);
      return outside(value as number, shape.minimum, shape.maximum)
        ? wrong(`must be ${range(shape.minimum, shape.maximum)}, ${shown(shape, value)}`)
        : [];
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? [] : wrong(`must be an ISO 8601 time, ${shown(shape, value)}`);
    case 'list': {
      if (!Array.isArray(value)) return wrong(`must be a list, ${shown(shape, value)}`);
      const length = outside(value.length, shape.minimumLength, shape.maximumLength)
        ? wrong(`must have ${range(shape.minimumLength, shape.maximumLength)} items, got ${value.length}`)
        : [];
      return [...length, ...value.flatMap((member, index) => check(shape.member, member, `${path}[${index}]`))];
    }
    case 'map': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(`must be a map, ${shown(shape, value)}`);
      const entries = Object.entries(value);
      const problems: Problem[] = [];
      if (outside(entries.length, undefined, shape.maximumLength)) {
        problems.push({ path, message: `must have ${range(undefined, shape.maximumLength)} entries, got ${entries.length}` });
      }
      if (shape.maximumBytes !== undefined) {
        const bytes = entries.reduce((sum, [key, text]) => sum + utf8Bytes(key) + (typeof text === 'string' ? utf8Bytes(text) : 0), 0);
        if (bytes > shape.maximumBytes) {
          problems.push({ path, message: `must be at most ${shape.maximumBytes} bytes of keys and values together, got ${bytes}` });
        }
      }
      for (const [key, text] of entries) {
        const at = shape.sensitive ? `${path}.*` : `${path}.${key}`;
        for (const problem of check(shape.key, key, at)) problems.push({ path: at, message: `key ${problem.message}` });
        problems.push(...check(shape.value, text, at));
      }
      return problems;
    }
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(`must be a structure, ${shown(shape, value)}`);
      const inside = (member: string) => (path ? `${path}.${member}` : member);
      const given = (member: string) => (Object.hasOwn(value, member) ? (value as Record<string, unknown>)[member] ?? undefined : undefined);
      const problems: Problem[] = [];
      for (const [member, memberShape] of Object.entries(shape.members)) {
        const memberValue = given(member);
        if (memberValue !== undefined) problems.push(...check(memberShape, memberValue, inside(member)));
        else if (shape.required?.includes(member)) problems.push({ path: inside(member), message: 'is required' });
      }
      if (shape.union) {
        const members = Object.keys(shape.members);
        const set = members.filter((member) => given(member) !== undefined);
        if (set.length !== 1) problems.unshift({ path, message: `must have exactly one of ${members.join(', ')}, got ${set.join(', ') || 'none'}` });
      }
      return problems;
    }
  }
}
