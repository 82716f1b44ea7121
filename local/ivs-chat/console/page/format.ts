/** Returns the last part of an ARN, such as the ID of a room or the name of a function. */
export const lastPart = (arn: string) => arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);

/**
 * Returns the logical ID in the CDK app for a name that CloudFormation generated: `Review` for
 * `LiveChat-ReviewDAFB1C41-M9NP93FN2ZGZ`. Other names stay the same.
 */
export const shortName = (name: string) => /^[\w-]+-(\w+?)[0-9A-F]{8}-[0-9A-Z]{8,}$/.exec(name)?.[1] ?? name;

/** Returns the time of day, and its milliseconds. */
export function timeOfDay(iso: string): [string, string] {
  const date = new Date(iso);
  return [date.toLocaleTimeString([], { hour12: false }), String(date.getMilliseconds()).padStart(3, '0')];
}

/** Returns the time until a moment, such as `in 4 min` or `12 s ago`. */
export function fromNow(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const text = durationOf(Math.abs(seconds));
  return seconds >= 0 ? `in ${text}` : `${text} ago`;
}

function durationOf(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 90 * 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

export const bytesText = (bytes: number) => (bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`);

export const durationText = (milliseconds: number) =>
  (milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`);

/** Returns `1 message`, `2 messages`. */
export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Whether an item contains the text, in any case. */
export function matches(item: unknown, text: string): boolean {
  return text === '' || JSON.stringify(item).toLowerCase().includes(text.toLowerCase());
}
