import { oneOf } from '../shape';

/** The categories of a report. The queue shows the first categories first. */
export const REPORT_CATEGORIES = [
  'CHILD_SAFETY', 'SELF_HARM', 'VIOLENCE', 'HATE', 'HARASSMENT', 'SEXUAL_CONTENT', 'PRIVACY', 'SPAM', 'ILLEGAL',
  'OTHER',
] as const;

export type ReportCategory = typeof REPORT_CATEGORIES[number];

export const Category = oneOf(...REPORT_CATEGORIES);
