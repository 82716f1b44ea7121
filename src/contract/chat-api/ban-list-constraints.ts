import { integer, text, type StringShape } from '../shape';

/** The reason of a moderator. */
export const ModeratorReason: StringShape = { type: 'string', minimum: 1, maximum: 256, sensitive: true };

/** A comment on a report. */
export const Comment: StringShape = { type: 'string', maximum: 1000, sensitive: true };

/** The reported content of a message. */
export const ReportedContent: StringShape = { type: 'string', maximum: 500, sensitive: true };

export const ReportId = /* @__PURE__ */ text(36, 36, /^[0-9a-f-]*$/, 'be the ID of a report');

export const NextToken = /* @__PURE__ */ text(1, 2048);

export const MaxResults = /* @__PURE__ */ integer(1, 50);

/** The duration of a ban or a mute: up to 365 days. */
export const DurationInMinutes = /* @__PURE__ */ integer(1, 525_600);
