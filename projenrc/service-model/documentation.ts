/**
 * The docstrings of the generated code, written by hand. The generator fails if an entry is about something that is not
 * in the model. Without an entry, it writes only the limits, and lists the name.
 *
 * `{minimum}`, `{maximum}` and `{maximumBytes}` stand for limits, and `{status}` for the HTTP status of an error.
 */

const ARN_OF_ROOM = 'be the ARN of a room (arn:aws:ivschat:REGION:ACCOUNT:room/ID)';
const ARN_OF_LOGGING_CONFIGURATION =
  'be the ARN of a logging configuration (arn:aws:ivschat:REGION:ACCOUNT:logging-configuration/ID)';
const NAME = 'contain only letters, digits, hyphens and underscores';
const ID = 'contain only letters and digits';

/** The rules of patterns in words, to follow "must". */
export const patterns: Texts = {
  BucketName: 'contain only lowercase letters, digits, hyphens and periods',
  DeliveryStreamName: 'contain only letters, digits, underscores, periods and hyphens',
  ID,
  LambdaArn: 'be the ARN of a Lambda function or an empty string',
  LogGroupName: 'contain only letters, digits, periods, hyphens, underscores, slashes and number signs',
  LoggingConfigurationArn: ARN_OF_LOGGING_CONFIGURATION,
  LoggingConfigurationID: ID,
  LoggingConfigurationIdentifier: ARN_OF_LOGGING_CONFIGURATION,
  LoggingConfigurationName: NAME,
  MessageID: ID,
  ResourceArn: 'be the ARN of a room or a logging configuration',
  RoomArn: ARN_OF_ROOM,
  RoomID: ID,
  RoomIdentifier: ARN_OF_ROOM,
  RoomName: NAME,
};

export const operations: Texts = {
  CreateChatToken: 'Creates a token that opens one connection of a user to a room.',
  CreateLoggingConfiguration: 'Creates a logging configuration, which rooms can use to log their messages.',
  CreateRoom: 'Creates a room.',
  DeleteLoggingConfiguration: 'Deletes a logging configuration that no room uses.',
  DeleteMessage: 'Sends an event to all clients of a room that tells them to delete a message.',
  DeleteRoom: 'Deletes a room and disconnects its clients.',
  DisconnectUser: 'Closes all connections of a user to a room.',
  GetLoggingConfiguration: 'Returns a logging configuration.',
  GetRoom: 'Returns a room.',
  ListLoggingConfigurations: 'Returns one page of the logging configurations in the account and Region.',
  ListRooms: 'Returns one page of the rooms in the account and Region. The most recently updated room is the first.',
  ListTagsForResource: 'Returns the tags of a room or a logging configuration.',
  SendEvent: 'Sends an event to all clients of a room.',
  TagResource: 'Adds tags to a room or a logging configuration, or changes them if their keys exist.',
  UntagResource: 'Removes tags from a room or a logging configuration.',
  UpdateLoggingConfiguration: 'Changes the name or the destination of a logging configuration.',
  UpdateRoom: 'Changes the settings of a room.',
};

export const errors: Texts = {
  AccessDeniedException: '{status}: The credentials do not allow the operation.',
  ConflictException: '{status}: The operation conflicts with the state or the use of the resource.',
  InternalServerException: '{status}: The service failed.',
  PendingVerification: '{status}: The account is still being verified by AWS.',
  ResourceNotFoundException: '{status}: The resource does not exist in this account and Region.',
  ServiceQuotaExceededException: '{status}: A quota of the account is exceeded.',
  ThrottlingException: '{status}: Too many requests per second.',
  ValidationException: '{status}: The input is not valid. The client throws it without a request where it can'
    + ' (`$metadata.attempts` is 0 then).',
};

/** Structures, unions and enums. Not all of them need a docstring. */
export const types: Texts = {
  ChatTokenCapability: 'The messaging requests that a user can send. All users can receive messages and events.',
  DestinationConfiguration: 'The destination of the logs: exactly one of `s3`, `cloudWatchLogs` and `firehose`.',
  FallbackResult: 'The result for a message when its review handler fails or takes longer than 200 ms.'
    + ' The default of the service is ALLOW.',
  LoggingConfigurationState: 'Messages are logged while the state is ACTIVE.',
  MessageReviewHandler: 'The Lambda function that reviews each message before it is delivered.',
  UpdateRoomRequest: 'Members that are not set stay unchanged.'
    + ' `messageReviewHandler: { uri: \'\' }` removes the handler;'
    + ' `loggingConfigurationIdentifiers: []` ends logging.',
};

const UNCHANGED = '\n@default - not changed';
const NEW_NAME =
  'At most {maximum} letters, digits, hyphens and underscores. Several resources can have the same name.';
const RATE = 'The maximum number of messages per second in the room';
const LENGTH = 'The maximum length of a message';

/**
 * Members. An entry is for one member (`GetRoomRequest.identifier`), for all members of a name (`*.createTime`), for
 * all members with a shape in inputs or in outputs (`input:RoomName`), or for all members with a shape (`RoomArn`). The
 * first of them counts, in this order.
 */
export const members: Texts = {
  'CreateChatTokenRequest.attributes': 'Attached to every message of the user and visible to all users of the room.'
    + ' At most {maximumBytes} bytes in total.',
  'CreateChatTokenRequest.capabilities': '@default - no capabilities: the user can only read',
  'CreateChatTokenResponse.sessionExpirationTime': 'The time at which that connection ends.',
  'CreateChatTokenResponse.token': 'Opens one connection. Keep it secret.',
  'CreateChatTokenResponse.tokenExpirationTime': 'The time until which the token can open a connection.',
  'DeleteMessageRequest.reason': '{minimum} to {maximum} characters. Clients receive the reason.',
  'DeleteMessageResponse.id': 'The ID of the event that the clients receive.',
  'DisconnectUserRequest.reason': '{minimum} to {maximum} characters.',
  'DisconnectUserRequest.userId': 'The ID of the user. All connections of the user are closed.',
  'ListLoggingConfigurationsResponse.loggingConfigurations': 'The logging configurations on this page.',
  'ListRoomsRequest.loggingConfigurationIdentifier': 'Lists only rooms with this logging configuration.',
  'ListRoomsRequest.messageReviewHandlerUri': 'Lists only rooms with this review handler.',
  'ListRoomsRequest.name': 'Lists only rooms with this name.',
  'ListRoomsResponse.rooms': 'The most recently updated room is the first.',
  'SendEventRequest.attributes': 'At most {maximumBytes} bytes in total.',
  'SendEventResponse.id': 'The ID of the event.',
  'TagResourceRequest.tags': 'The tags to add, or to change if the key exists. At most {maximum}.',
  'UpdateLoggingConfigurationRequest.destinationConfiguration': `The new destination.${UNCHANGED}`,
  'UpdateLoggingConfigurationRequest.name': NEW_NAME + UNCHANGED,
  'UpdateRoomRequest.loggingConfigurationIdentifiers':
    `The ARNs of at most {maximum} logging configurations. They replace the present ones.${UNCHANGED}`,
  'UpdateRoomRequest.maximumMessageLength': `${LENGTH}, {minimum} to {maximum} Unicode code points.${UNCHANGED}`,
  'UpdateRoomRequest.maximumMessageRatePerSecond': `${RATE}, {minimum} to {maximum}.${UNCHANGED}`,
  'UpdateRoomRequest.messageReviewHandler':
    `The function that reviews each message before it is delivered.${UNCHANGED}`,
  'UpdateRoomRequest.name': NEW_NAME + UNCHANGED,
  'ValidationException.fieldList': 'The fields that are not valid.',
  'ValidationException.reason': 'The kind of the problem.',
  'ValidationExceptionField.message': 'The reason.',
  'ValidationExceptionField.name': 'The name of the field that is not valid.',

  '*.createTime': 'The time of the creation.',
  '*.limit': 'The quota or the rate that is exceeded.',
  '*.resourceId': 'The ID of the resource.',
  '*.resourceType': 'The type of the resource.',
  '*.state': 'Messages are logged while the state is ACTIVE.',
  '*.updateTime': 'The time of the last change.',

  'input:LoggingConfigurationIdentifierList':
    'The ARNs of at most {maximum} logging configurations.\n@default - no logging',
  'input:LoggingConfigurationName': NEW_NAME,
  'input:MaxLoggingConfigurationResults': 'The maximum number of results, {minimum} to {maximum}.\n@default 50',
  'input:MaxRoomResults': 'The maximum number of results, {minimum} to {maximum}.\n@default 50',
  'input:MessageReviewHandler': 'The function that reviews each message before it is delivered.\n@default - no review',
  'input:PaginationToken': 'The token of the previous response.',
  'input:RoomMaxMessageLength': `${LENGTH}, {minimum} to {maximum} Unicode code points.\n@default 500`,
  'input:RoomMaxMessageRatePerSecond': `${RATE}, {minimum} to {maximum}.\n@default 10`,
  'input:RoomName': NEW_NAME,
  'input:Tags': 'At most {maximum}.',
  'output:LoggingConfigurationIdentifierList': 'The ARNs of the logging configurations of the room.',
  'output:LoggingConfigurationName': 'The name of the logging configuration.',
  'output:MessageReviewHandler': 'The function that reviews each message before it is delivered.',
  'output:PaginationToken': 'Not set on the last page.',
  'output:RoomMaxMessageLength': `${LENGTH}, in Unicode code points.`,
  'output:RoomMaxMessageRatePerSecond': `${RATE}.`,
  'output:RoomName': 'The name of the room.',
  'output:Tags': 'The tags of the resource.',

  'BucketName': 'The name of the Amazon S3 bucket.',
  'CloudWatchLogsDestinationConfiguration': 'A log group of Amazon CloudWatch Logs.',
  'DeliveryStreamName': 'The name of the Amazon Data Firehose stream.',
  'DestinationConfiguration': 'The destination of the logs.',
  'EventName': '{minimum} to {maximum} characters.',
  'FallbackResult': 'The result for a message when the function fails or takes longer than 200 ms.\n@default ALLOW',
  'FirehoseDestinationConfiguration': 'A stream of Amazon Data Firehose.',
  'LambdaArn': 'The ARN of the function, in the account and Region of the room. An empty string removes the handler.',
  'LogGroupName': 'The name of the log group.',
  'LoggingConfigurationArn': 'The ARN of the logging configuration.',
  'LoggingConfigurationID': 'The ID of the logging configuration.',
  'LoggingConfigurationIdentifier': 'The ARN of the logging configuration.',
  'MessageID': 'The ID of the message: {maximum} letters and digits.',
  'ResourceArn': 'The ARN of a room or of a logging configuration.',
  'RoomArn': 'The ARN of the room.',
  'RoomID': 'The ID of the room.',
  'RoomIdentifier': 'The ARN of the room.',
  'S3DestinationConfiguration': 'A bucket of Amazon S3.',
  'SessionDurationInMinutes': 'The duration of the connection, {minimum} to {maximum} minutes.\n@default 60',
  'TagKeyList': 'The keys of the tags to remove. At most {maximum}.',
  'UserID': '{minimum} to {maximum} characters, chosen by the application. Several tokens can have the same user ID.',
};

interface Texts { readonly [name: string]: string }
