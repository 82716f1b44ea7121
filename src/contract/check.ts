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
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
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
function shown({ sensitive }: Shape, value: unknown): string {
  if (sensitive) return 'a value that is not shown because it is sensitive';
  let json: string | undefined;
  try {
    json = typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  } catch {} // circular, or with a bigint inside
  json ??= typeof value;
  return json.length > 100 ? `${json.slice(0, 100)}… (${json.length} characters)` : json;
}

/** What a count may be: `at least 1`, `at most 3`, `between 1 and 128`, `exactly 12`. */
function range(minimum: number | undefined, maximum: number | undefined): string {
  if (maximum === undefined) return `at least ${minimum}`;
  if (!minimum) return `at most ${maximum}`;
  return minimum === maximum ? `exactly ${minimum}` : `between ${minimum} and ${maximum}`;
}

/**
 * Holds a value against the constraints of its shape.
 *
 * Returns all that is wrong, in the order of the shape's members; never throws. Absent (`undefined` or `null`) optional
 * members are fine, unknown members are ignored, as the service does both.
 */
export function check(shape: Shape, value: any, path = ''): Problem[] {
  const problems: Problem[] = [];
  const wrong = (message: string) => void problems.push({ path, message });
  const no = (expected: string) => wrong(`must be ${expected}, got ${shown(shape, value)}`);
  const limit = (count: number, minimum: number | undefined, maximum: number | undefined, verb: string, unit: string) => {
    if (count < minimum! || count > maximum!) wrong(`must ${verb} ${range(minimum, maximum)}${unit}, got ${count}`);
  };
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') {
        no('a string');
        break;
      }
      limit(codePoints(value), shape.minimumLength, shape.maximumLength, 'be', ' characters');
      if (shape.pattern?.test(value) === false) no(`${shape.patternDescription} (${shape.pattern.source})`);
      if (shape.values?.includes(value) === false) no(`one of ${shape.values.join(', ')}`);
      break;
    case 'integer':
      if (Number.isInteger(value)) limit(value, shape.minimum, shape.maximum, 'be', '');
      else no('an integer');
      break;
    case 'timestamp':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) no('an ISO 8601 time');
      break;
    case 'list':
      if (!Array.isArray(value)) {
        no('a list');
        break;
      }
      limit(value.length, shape.minimumLength, shape.maximumLength, 'have', ' items');
      value.forEach((member, index) => problems.push(...check(shape.member, member, `${path}[${index}]`)));
      break;
    case 'map': {
      if (!isObject) {
        no('a map');
        break;
      }
      const entries = Object.entries(value);
      limit(entries.length, undefined, shape.maximumLength, 'have', ' entries');
      if (shape.maximumBytes !== undefined) {
        const bytes = entries.flat().reduce<number>((sum, text) => sum + (typeof text === 'string' ? utf8Bytes(text) : 0), 0);
        limit(bytes, undefined, shape.maximumBytes, 'be', ' bytes of keys and values together');
      }
      for (const [key, text] of entries) {
        const at = `${path}.${shape.sensitive ? '*' : key}`;
        for (const { message } of check(shape.key, key)) problems.push({ path: at, message: `key ${message}` });
        problems.push(...check(shape.value, text, at));
      }
      break;
    }
    case 'structure': {
      if (!isObject) {
        no('a structure');
        break;
      }
      const members = Object.keys(shape.members);
      const given = members.filter((member) => Object.hasOwn(value, member) && value[member] !== undefined && value[member] !== null);
      if (shape.union && given.length !== 1) wrong(`must have exactly one of ${members.join(', ')}, got ${given.join(', ') || 'none'}`);
      for (const member of members) {
        const at = path ? `${path}.${member}` : member;
        if (given.includes(member)) problems.push(...check(shape.members[member]!, value[member], at));
        else if (shape.required?.includes(member)) problems.push({ path: at, message: 'is required' });
      }
    }
  }
  return problems;
}
