import type { OperationName } from './captured';

export const ROOM = 'arn:aws:ivschat:us-west-2:123456789012:room/AbCdEf012345';
export const LOGGING = 'arn:aws:ivschat:us-west-2:123456789012:logging-configuration/AbCdEf012345';

/** An input for each operation. Tests of responses use it. */
export const INPUTS: Record<OperationName, object> = {
  CreateChatToken: { roomIdentifier: ROOM, userId: 'ada' },
  CreateLoggingConfiguration: { destinationConfiguration: { s3: { bucketName: 'bucket' } } },
  CreateRoom: {},
  DeleteLoggingConfiguration: { identifier: LOGGING },
  DeleteMessage: { roomIdentifier: ROOM, id: 'AbCdEf012345' },
  DeleteRoom: { identifier: ROOM },
  DisconnectUser: { roomIdentifier: ROOM, userId: 'ada' },
  GetLoggingConfiguration: { identifier: LOGGING },
  GetRoom: { identifier: ROOM },
  ListLoggingConfigurations: {},
  ListRooms: {},
  ListTagsForResource: { resourceArn: ROOM },
  SendEvent: { roomIdentifier: ROOM, eventName: 'event' },
  TagResource: { resourceArn: ROOM, tags: { team: 'chat' } },
  UntagResource: { resourceArn: ROOM, tagKeys: ['team'] },
  UpdateLoggingConfiguration: { identifier: LOGGING },
  UpdateRoom: { identifier: ROOM },
};
