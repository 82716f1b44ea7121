import type { PermissionsOptions } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import type { IRoomRef } from 'aws-cdk-lib/aws-ivschat';
import type { ChatRoom } from './chat-room';
import { ROOM } from './private/expectations';
import { grant } from './private/grant';
import { validateArgument } from './private/validate';

/**
 * Grants for all operations on a room. You can use it with a `ChatRoom`, an imported room or a `CfnRoom`.
 *
 * @example
 * declare const cfnRoom: ivschat.CfnRoom;
 * declare const tokenFunction: lambda.Function;
 * ChatRoomGrants.fromRoom(cfnRoom).createChatToken(tokenFunction);
 */
export class ChatRoomGrants {
  /** Creates the grants of a room. */
  public static fromRoom(room: IRoomRef): ChatRoomGrants {
    validateArgument('room', room, ROOM);
    return new ChatRoomGrants(room);
  }

  private constructor(private readonly room: IRoomRef) {
  }

  /**
   * Grants permission for the given actions on this room. A grant to the review function of the room is in a policy of
   * its own, because the room depends on the function.
   *
   * @param grantee The principal to grant the permission to.
   * @param actions The IAM actions, such as `ivschat:GetRoom`. They must exist and apply to a room.
   * @param options The options of the grant, such as ARNs to use instead of the ARN of the room.
   */
  public actions(grantee: iam.IGrantable, actions: string[], options?: PermissionsOptions): iam.Grant {
    return grant({
      kind: 'room',
      arn: CfnRoom.arnForRoom(this.room),
      construct: this.room,
      dependency: (this.room as Partial<ChatRoom>)._reviewer,
    }, grantee, actions, options);
  }

  /**
   * Grants permission to create chat tokens for this room.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
   */
  public createChatToken(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:CreateChatToken']);
  }

  /**
   * Grants permission to send application events to all users in this room.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_SendEvent.html
   */
  public sendEvent(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:SendEvent']);
  }

  /**
   * Grants permission to send an event that directs the clients in this room to delete a message.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteMessage.html
   */
  public deleteMessage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:DeleteMessage']);
  }

  /**
   * Grants permission to close all connections of a user to this room.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DisconnectUser.html
   */
  public disconnectUser(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:DisconnectUser']);
  }

  /**
   * Grants permission to moderate this room: to delete messages, disconnect users and send events.
   *
   * @param grantee The principal to grant the permission to.
   */
  public moderate(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:DeleteMessage', 'ivschat:DisconnectUser', 'ivschat:SendEvent']);
  }

  /**
   * Grants permission to read the settings and the tags of this room. It does not include `ivschat:ListRooms`, which
   * does not apply to a single room.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetRoom.html
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:GetRoom', 'ivschat:ListTagsForResource']);
  }

  /**
   * Grants permission to read, change, tag and delete this room. Changes made through this grant appear as drift in the
   * stack that owns the room.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateRoom.html
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [
      'ivschat:GetRoom',
      'ivschat:ListTagsForResource',
      'ivschat:UpdateRoom',
      'ivschat:DeleteRoom',
      'ivschat:TagResource',
      'ivschat:UntagResource',
    ]);
  }
}
