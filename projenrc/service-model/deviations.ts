/**
 * The intentional differences between the generated tables and the published service model.
 *
 * The generator fails if the model no longer says what `published` says. Then AWS has changed the model: look whether
 * the deviation is still needed.
 */
export interface Deviation {
  /** The name of a shape or an operation in the model. */
  readonly of: string;
  readonly fact: 'pattern' | 'maximumBytes' | 'sensitive' | 'idempotent';
  /** The value in the model. Undefined if the model does not have the fact. */
  readonly published?: string | number | boolean;
  /** The value in the generated tables. */
  readonly generated: string | number | boolean;
  readonly reason: string;
  readonly source: string;
}

const API_REFERENCE = 'https://docs.aws.amazon.com/ivs/latest/ChatAPIReference';

export const deviations: readonly Deviation[] = [
  {
    of: 'ResourceArn',
    fact: 'pattern',
    published: '^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:[a-z-]/[a-zA-Z0-9-]+$',
    generated: '^arn:aws:ivschat:[a-z0-9-]+:[0-9]+:(room|logging-configuration)/[a-zA-Z0-9-]+$',
    reason: 'The pattern lacks a + after [a-z-], so no real ARN matches it.',
    source: `${API_REFERENCE}/API_TagResource.html`,
  },
  {
    of: 'ChatTokenAttributes',
    fact: 'maximumBytes',
    generated: 1024,
    reason: 'The limit of 1 KB for all keys and values together is only in the documentation.',
    source: `${API_REFERENCE}/API_CreateChatToken.html`,
  },
  {
    of: 'EventAttributes',
    fact: 'maximumBytes',
    generated: 1024,
    reason: 'The limit of 1 KB for all keys and values together is only in the documentation.',
    source: `${API_REFERENCE}/API_SendEvent.html`,
  },
  {
    of: 'EventAttributes',
    fact: 'sensitive',
    generated: true,
    reason: 'Events have content of the application, like the attributes of a token, which are sensitive in the model.',
    source: `${API_REFERENCE}/API_SendEvent.html`,
  },

  // The model marks only GetRoom, the List operations and UntagResource as repeatable. CreateRoom,
  // CreateLoggingConfiguration and SendEvent are not: a second request creates a second resource or event.
  repeatable('CreateChatToken', 'An additional token has no effect: it expires within a minute if it is not used.'),
  repeatable('DeleteLoggingConfiguration', 'A second request deletes nothing.'),
  repeatable('DeleteMessage', 'The message is deleted after one request or two.'),
  repeatable('DeleteRoom', 'A second request deletes nothing.'),
  repeatable('DisconnectUser', 'The user is disconnected after one request or two.'),
  repeatable('GetLoggingConfiguration', 'The operation only reads. The model marks GetRoom, but not this operation.'),
  repeatable('TagResource', 'The request sets values. A second request sets the same values.'),
  repeatable('UpdateLoggingConfiguration', 'The request sets values. A second request sets the same values.'),
  repeatable('UpdateRoom', 'The request sets values. A second request sets the same values.'),
];

function repeatable(of: string, reason: string): Deviation {
  const source = `${API_REFERENCE}/API_${of}.html`;
  return { of, fact: 'idempotent', published: false, generated: true, reason, source };
}

/**
 * The errors that each operation can return, in addition to the errors that the model lists for it. The generator fails
 * if the model lists the error for all operations.
 */
export const errorsOfEveryOperation = [
  {
    error: 'ThrottlingException',
    reason: 'All operations have quotas for requests per second. The model lists the error for three of them.',
    source: 'https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/service-quotas.html',
  },
] as const;
