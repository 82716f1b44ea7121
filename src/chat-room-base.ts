import { Resource } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IRoomRef, RoomReference } from 'aws-cdk-lib/aws-ivschat';
import { ChatRoomGrants } from './chat-room-grants';

/**
 * An Amazon IVS Chat room.
 */
export interface IChatRoom extends IResource, IRoomRef {
  /**
   * The ARN of the room, which every API call about it takes.
   *
   * @attribute
   */
  readonly roomArn: string;

  /**
   * The id of the room, the last part of its ARN: 12 letters and digits.
   *
   * @attribute
   */
  readonly roomId: string;

  /** Grants for every operation that a room has. */
  readonly grants: ChatRoomGrants;

  /**
   * Lets the grantee issue chat tokens for this room.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
   */
  grantCreateChatToken(grantee: iam.IGrantable): iam.Grant;

  /** Lets the grantee moderate this room: delete messages, disconnect users, send events. */
  grantModerate(grantee: iam.IGrantable): iam.Grant;

  /** Lets the grantee send application events to everyone in this room. */
  grantSendEvent(grantee: iam.IGrantable): iam.Grant;

  /** Lets the grantee read this room's settings and tags. */
  grantRead(grantee: iam.IGrantable): iam.Grant;
}

/**
 * What a room of the stack and an imported one have in common.
 *
 * @internal
 */
export abstract class ChatRoomBase extends Resource implements IChatRoom {
  public abstract readonly roomArn: string;
  public abstract readonly roomId: string;
  public readonly grants: ChatRoomGrants = ChatRoomGrants.fromRoom(this);

  public get roomRef(): RoomReference {
    return { roomArn: this.roomArn };
  }

  public grantCreateChatToken(grantee: iam.IGrantable): iam.Grant {
    return this.grants.createChatToken(grantee);
  }

  public grantModerate(grantee: iam.IGrantable): iam.Grant {
    return this.grants.moderate(grantee);
  }

  public grantSendEvent(grantee: iam.IGrantable): iam.Grant {
    return this.grants.sendEvent(grantee);
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.grants.read(grantee);
  }
}
