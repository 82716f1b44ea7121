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
export function check(shape: Shape, value: unknown): Problem[] {
  const problems: Problem[] = [];
  visit(problems, '', shape, value);
  return problems;
}

function visit(problems: Problem[], path: string, shape: Shape, value: any): void {
  const { type } = shape;
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return no(problems, path, shape, value, 'a string');
      limit(problems, path, codePoints(value), shape.minimumLength, shape.maximumLength, 'be', ' characters');
      if (shape.pattern?.test(value) === false) no(problems, path, shape, value, `${shape.patternDescription} (${shape.pattern.source})`);
      if (shape.values?.includes(value) === false) no(problems, path, shape, value, `one of ${shape.values.join(', ')}`);
      return;
    case 'integer':
      if (!Number.isInteger(value)) return no(problems, path, shape, value, 'an integer');
      return limit(problems, path, value, shape.minimum, shape.maximum, 'be', '');
    case 'timestamp':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) no(problems, path, shape, value, 'an ISO 8601 time');
      return;
    case 'list':
      if (!Array.isArray(value)) return no(problems, path, shape, value, 'a list');
      limit(problems, path, value.length, shape.minimumLength, shape.maximumLength, 'have', ' items');
      for (let index = 0; index < value.length; index++) visit(problems, `${path}[${index}]`, shape.member, value[index]);
      return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return no(problems, path, shape, value, `a ${type}`);
  if (type === 'map') {
    const entries = Object.entries(value);
    limit(problems, path, entries.length, undefined, shape.maximumLength, 'have', ' entries');
    if (shape.maximumBytes !== undefined) {
      let bytes = 0;
      for (const [key, text] of entries) bytes += utf8Bytes(key) + (typeof text === 'string' ? utf8Bytes(text) : 0);
      limit(problems, path, bytes, undefined, shape.maximumBytes, 'be', ' bytes of keys and values together');
    }
    for (const [key, text] of entries) {
      const at = `${path}.${shape.sensitive ? '*' : key}`;
      for (const { message } of check(shape.key, key)) problems.push({ path: at, message: `key ${message}` });
      visit(problems, at, shape.value, text);
    }
  } else {
    const set: string[] = [];
    const first = problems.length;
    for (const member in shape.members) {
      const at = path ? `${path}.${member}` : member;
      const given = Object.hasOwn(value, member) ? value[member] : undefined;
      if (given !== undefined && given !== null) {
        set.push(member);
        visit(problems, at, shape.members[member]!, given);
      } else if (shape.required?.includes(member)) {
        problems.push({ path: at, message: 'is required' });
      }
    }
    if (shape.union && set.length !== 1) {
      const members = Object.keys(shape.members).join(', ');
      problems.splice(first, 0, { path, message: `must have exactly one of ${members}, got ${set.join(', ') || 'none'}` });
    }
  }
}

function no(problems: Problem[], path: string, shape: Shape, value: unknown, expected: string): void {
  problems.push({ path, message: `must be ${expected}, got ${shown(shape, value)}` });
}

function limit(
  problems: Problem[], path: string, count: number, minimum: number | undefined, maximum: number | undefined, verb: string, unit: string,
): void {
  if (count < minimum! || count > maximum!) problems.push({ path, message: `must ${verb} ${range(minimum, maximum)}${unit}, got ${count}` });
}
