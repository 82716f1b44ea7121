import type { Limits, Shape } from './shape';

/** One thing that is wrong with a value. */
export interface Problem {
  /** Where: `name`, `tags.team`, `capabilities[1]`. */
  readonly path: string;
  /** What, without the path: `must be between 1 and 100, got 101`. Never shows a sensitive value. */
  readonly message: string;
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const SURROGATE_PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** The number of Unicode code points, which is what the service counts. */
export function codePoints(text: string): number {
  return text.length - count(text, SURROGATE_PAIRS);
}

/** The number of bytes of the text in UTF-8: one to three of each UTF-16 code unit, four of a surrogate pair. */
export function utf8Bytes(text: string): number {
  return text.length + count(text, /[\x80-\uffff]/g) + count(text, /[\u0800-\uffff]/g) - 2 * count(text, SURROGATE_PAIRS);
}

/** The value as an error shows it: short, and nothing of a sensitive one. */
function shown({ sensitive }: Shape, value: unknown): string {
  if (sensitive) return 'a value that is not shown because it is sensitive';
  let json: string | undefined;
  try {
    json = /number|bigint/.test(typeof value) ? String(value) : JSON.stringify(value);
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

/** Absent members, items and entries are as if they were not there. */
export const isGiven = (value: unknown) => value !== undefined && value !== null;

const isString = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Of the 30th of February Date makes the 2nd of March. */
const hasDay = (time: string, day = Number(time.slice(8, 10))) => day < 29 || new Date(time.slice(0, 10)).getUTCDate() === day;

/** How a value of each type is known. */
const isOf: { readonly [type in Shape['type']]: (value: any) => boolean } = {
  string: isString,
  integer: Number.isInteger,
  timestamp: (value) => isString(value) && RFC_3339.test(value) && hasDay(value) && !Number.isNaN(Date.parse(value)),
  list: Array.isArray,
  map: isObject,
  structure: isObject,
};

/**
 * Holds a value against the constraints of its shape.
 *
 * Returns all that is wrong, in the order of the shape's members; never throws. Absent (`undefined` or `null`) optional
 * members are fine, unknown members are ignored, as the service does both.
 */
export function check(shape: Shape, value: unknown): Problem[] {
  const problems: Problem[] = [];
  read(shape, value, (problem) => problems.push(problem));
  return problems;
}

/**
 * What of a value its shape knows, without what is absent, and times as Dates. What is of another type than its shape stays as it
 * is, but that a list is as good as a map. `report` is told all that is wrong; `mask` stands for what is sensitive.
 */
export function read(whole: Shape, wholeValue: unknown, report: (problem: Problem, shape: Shape) => void, mask?: string): unknown {
  return visit('', whole, wholeValue);

  function visit(path: string, shape: Shape, value: any): unknown {
    const { type } = shape;
    const must = (what: string, got: unknown = shown(shape, value)) => report({ path, message: `must ${what}, got ${got}` }, shape);
    const limit = ({ minimum, maximum }: Limits, verb: string, number: number, unit = '') => {
      if (number < minimum! || number > maximum!) must(`${verb} ${range(minimum, maximum)}${unit}`, number);
    };

    if (mask && shape.sensitive) return mask;
    if (!isOf[type](value)) {
      must(`be ${type === 'integer' ? 'an integer' : type === 'timestamp' ? 'an RFC 3339 time' : `a ${type}`}`);
      return isOf[type] === isObject && Array.isArray(value) ? read(shape, { ...value }, () => {}, mask) : value;
    }
    switch (type) {
      case 'string':
        limit(shape, 'be', codePoints(value), ' characters');
        if (shape.pattern?.test(value) === false) must(`be ${shape.patternDescription} (${shape.pattern.source})`);
        if (shape.values?.includes(value) === false) must(`be one of ${shape.values.join(', ')}`);
        return value;
      case 'integer':
        limit(shape, 'be', value);
        return value;
      case 'timestamp':
        return new Date(value);
      case 'list':
        limit(shape, 'have', value.length, ' items');
        return value.map((item: unknown, index: number) => visit(`${path}[${index}]`, shape.member, item)).filter(isGiven);
      case 'map': {
        const entries = Object.entries<any>(value);
        limit(shape, 'have', entries.length, ' entries');
        if (shape.maximumBytes) {
          let bytes = 0;
          for (const entry of entries) for (const text of entry) if (isString(text)) bytes += utf8Bytes(text);
          limit({ maximum: shape.maximumBytes }, 'be', bytes, ' bytes of keys and values together');
        }
        const known: [string, unknown][] = [];
        for (const [key, text] of entries) {
          const at = `${path}.${shape.sensitive ? '*' : key}`;
          read(shape.key, key, ({ message }) => report({ path: at, message: `key ${message}` }, shape.key));
          const inside = visit(at, shape.value, text);
          if (isGiven(text)) known.push([key, inside]);
        }
        return Object.fromEntries(known); // no assignment, for which `__proto__` is not a key like others
      }
      case 'structure': {
        const members = Object.keys(shape.members);
        const given = members.filter((member) => isGiven(value[member]) && Object.hasOwn(value, member));
        if (shape.union && given.length !== 1) must(`have exactly one of ${members.join(', ')}`, given.join(', ') || 'none');
        const known: Record<string, unknown> = {};
        for (const member of members) {
          const at = path ? `${path}.${member}` : member;
          if (given.includes(member)) known[member] = visit(at, shape.members[member]!, value[member]);
          else if (shape.required?.includes(member)) report({ path: at, message: 'is required' }, shape);
        }
        return known;
      }
    }
  }
}
