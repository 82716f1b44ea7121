import type { StringShape } from '../shape';

/** The categories of a report. The queue shows child safety first, and the others by the time at which they are due. */
export const REPORT_CATEGORIES = [
  'CHILD_SAFETY', 'SELF_HARM', 'VIOLENCE', 'HATE', 'HARASSMENT', 'SEXUAL_CONTENT', 'PRIVACY', 'SPAM', 'ILLEGAL',
  'OTHER',
] as const;

export type ReportCategory = typeof REPORT_CATEGORIES[number];

export const Category: StringShape = { type: 'string', values: REPORT_CATEGORIES };
