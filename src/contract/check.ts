import type { Limits, Shape } from './shape';

/** A problem of a value. */
export interface Problem {
  /** The path to the value, for example `name`, `tags.team` or `capabilities[1]`. */
  readonly path: string;
  /** The message without the path, for example `must be between 1 and 100, got 101`. It contains no sensitive value. */
  readonly message: string;
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const SURROGATE_PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Returns the number of Unicode code points. The limits of the service count code points. */
export function codePoints(text: string): number {
  return text.length - count(text, SURROGATE_PAIRS);
}

/** Returns the number of bytes in UTF-8: one to three for each UTF-16 code unit, and four for a surrogate pair. */
export function utf8Bytes(text: string): number {
  const more = count(text, /[\x80-\uffff]/g) + count(text, /[\u0800-\uffff]/g);
  return text.length + more - 2 * count(text, SURROGATE_PAIRS);
}

/** Returns the value for an error message: shortened, and hidden if it is sensitive. */
function shown({ sensitive }: Shape, value: unknown): string {
  if (sensitive) return 'a value that is not shown because it is sensitive';
  let json: string | undefined;
  try {
    json = /number|bigint/.test(typeof value) ? String(value) : JSON.stringify(value);
  } catch {} // The value is circular or contains a bigint.
  json ??= typeof value;
  return json.length > 100 ? `${json.slice(0, 100)}… (${json.length} characters)` : json;
}

/** Returns a range in words: `at least 1`, `at most 3`, `between 1 and 128` or `exactly 12`. */
function range(minimum: number | undefined, maximum: number | undefined): string {
  if (maximum === undefined) return `at least ${minimum}`;
  if (!minimum) return `at most ${maximum}`;
  return minimum === maximum ? `exactly ${minimum}` : `between ${minimum} and ${maximum}`;
}

/** Returns whether a value is present. Undefined and null values count as absent. */
export const isGiven = (value: unknown) => value !== undefined && value !== null;

const isString = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Returns whether the day exists. `Date` converts February 30 to March 2. */
const hasDay = (time: string, day = Number(time.slice(8, 10))) =>
  day < 29 || new Date(time.slice(0, 10)).getUTCDate() === day;

/** The test for the values of each type. */
const isOf: { readonly [type in Shape['type']]: (value: any) => boolean } = {
  string: isString,
  integer: Number.isInteger,
  timestamp: (value) =>
    isString(value) && RFC_3339.test(value) && hasDay(value) && !Number.isNaN(Date.parse(value)),
  list: Array.isArray,
  map: isObject,
  structure: isObject,
};

/** Returns the name of a type in error messages. */
function typeName(type: Shape['type']): string {
  if (type === 'timestamp') return 'an RFC 3339 time';
  return type === 'integer' ? 'an integer' : `a ${type}`;
}

/**
 * Checks a value against the constraints of its shape.
 *
 * Returns all problems, in the order of the members of the shape. It never throws. Like the service, it accepts absent
 * (`undefined` or `null`) optional members and ignores unknown members. Absent items and entries are problems.
 */
export function check(shape: Shape, value: unknown): Problem[] {
  const problems: Problem[] = [];
  read(shape, value, (problem) => problems.push(problem), undefined, true);
  return problems;
}

/**
 * Returns a copy of a value with the members that its shape has, without absent members, items and entries, and with
 * times as Dates. A value of another type than its shape is returned unchanged, except that a list is read like a map.
 *
 * @param report Receives all problems of the value.
 * @param mask The text that replaces sensitive values.
 * @param isStrict Whether absent items and entries and unknown values of enums are problems. Otherwise, absent items
 * and entries are omitted, and unknown values are accepted, as in the AWS SDK.
 */
export function read(
  whole: Shape,
  wholeValue: unknown,
  report: (problem: Problem, shape: Shape) => void,
  mask?: string,
  isStrict?: boolean,
): unknown {
  const isKept = (value: unknown) => isStrict || isGiven(value);
  return visit('', whole, wholeValue);

  function visit(path: string, shape: Shape, value: any): unknown {
    const { type } = shape;
    const must = (rule: string, got: unknown = shown(shape, value)) =>
      report({ path, message: `must ${rule}, got ${got}` }, shape);
    const limit = ({ minimum, maximum }: Limits, verb: string, number: number, unit = '') => {
      if (number < minimum! || number > maximum!) must(`${verb} ${range(minimum, maximum)}${unit}`, number);
    };

    if (mask && shape.sensitive) return mask;
    if (!isOf[type](value)) {
      must(`be ${typeName(type)}`);
      const isListForMap = isOf[type] === isObject && Array.isArray(value);
      return isListForMap ? read(shape, { ...value }, () => {}, mask) : value;
    }

    switch (type) {
      case 'string':
        limit(shape, 'be', codePoints(value), ' characters');
        if (shape.pattern?.test(value) === false) must(shape.patternDescription!);
        if (isStrict && shape.values?.includes(value) === false) must(`be one of ${shape.values.join(', ')}`);
        return value;
      case 'integer':
        limit(shape, 'be', value);
        return value;
      case 'timestamp':
        return new Date(value);
      case 'list':
        limit(shape, 'have', value.filter(isKept).length, ' items');
        return value.flatMap((item: unknown, index: number) =>
          (isKept(item) ? [visit(`${path}[${index}]`, shape.member, item)] : []));
      case 'map': {
        const entries = Object.entries<any>(value).filter(([, text]) => isKept(text));
        limit(shape, 'have', entries.length, ' entries');
        if (shape.maximumBytes) {
          let bytes = 0;
          for (const text of entries.flat()) {
            if (isString(text)) bytes += utf8Bytes(text);
          }
          limit({ maximum: shape.maximumBytes }, 'be', bytes, ' bytes of keys and values together');
        }
        // An assignment would treat `__proto__` differently from other keys.
        return Object.fromEntries(entries.map(([key, text]) => {
          const at = `${path}.${key}`;
          read(shape.key, key, ({ message }) => report({ path: at, message: `key ${message}` }, shape.key));
          return [key, visit(at, shape.value, text)];
        }));
      }
      case 'structure': {
        const members = Object.keys(shape.members);
        const given = members.filter((member) => isGiven(value[member]) && Object.hasOwn(value, member));
        if (shape.union && given.length !== 1) {
          must(`have exactly one of ${members.join(', ')}`, given.join(', ') || 'none');
        }
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
