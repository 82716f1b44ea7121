import type { Shape } from '../../src/contract/shape';

/** What of a value its shape knows, without what is null, and times as Dates: of what goes to the service, and of what it answers. */
export function wireValue(shape: Shape, value: any): unknown {
  if (shape.type === 'timestamp') return toDate(value);
  if (typeof value !== 'object') return value;
  switch (shape.type) {
    case 'structure': {
      const members: Record<string, unknown> = {};
      for (const member in shape.members) {
        const given = Object.hasOwn(value, member) ? value[member] : undefined;
        if (isGiven(given)) members[member] = wireValue(shape.members[member]!, given);
      }
      return members;
    }
    case 'list':
      return Array.isArray(value) ? value.filter(isGiven).map((item) => wireValue(shape.member, item)) : value;
    case 'map': // fromEntries and not assignment, for which `__proto__` is not a key like others
      return Object.fromEntries(Object.entries(value).filter(([, text]) => isGiven(text)));
    default:
      return value;
  }
}

export const isGiven = (value: unknown) => value !== undefined && value !== null;

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

function toDate(value: unknown): Date {
  const time = new Date(typeof value === 'string' && RFC_3339.test(value) && hasDay(value) ? value : NaN);
  if (Number.isNaN(time.getTime())) throw new TypeError('a time in the answer is not in the form of RFC 3339');
  return time;
}

/** Whether the month has the day: of the 30th of February Date makes the 2nd of March. */
function hasDay(time: string): boolean {
  const day = Number(time.slice(8, 10));
  return day <= 28 || new Date(time.slice(0, 10)).getUTCDate() === day;
}
