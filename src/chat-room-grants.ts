import type { PermissionsOptions } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import type { IRoomRef } from 'aws-cdk-lib/aws-ivschat';

/**
 * Grants on a room, for every operation that a room has. Works with a `ChatRoom`, an imported room and a `CfnRoom`.
 *
 * @example
 * declare const cfnRoom: ivschat.CfnRoom;
 * declare const tokenFunction: lambda.Function;
 * ChatRoomGrants.fromRoom(cfnRoom).createChatToken(tokenFunction);
 */
export class ChatRoomGrants {
  /** Grants on the given room. */
  public static fromRoom(room: IRoomRef): ChatRoomGrants {
    return new ChatRoomGrants(room);
  }

  private constructor(private readonly room: IRoomRef) {
  }

  /**
   * Grants the given actions on this room.
   *
   * @param grantee who may
   * @param actions IAM actions, such as `ivschat:GetRoom`
   * @param options other ARNs than the room's
   */
  public actions(grantee: iam.IGrantable, actions: string[], options: PermissionsOptions = {}): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: options.resourceArns ?? [CfnRoom.arnForRoom(this.room)],
    });
  }

  /**
   * Issue chat tokens for this room.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
   */
  public createChatToken(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:CreateChatToken']);
  }

  /**
   * Send application events to everyone in this room.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_SendEvent.html
   */
  public sendEvent(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:SendEvent']);
  }

  /**
   * Tell everyone in this room to delete a message.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DeleteMessage.html
   */
  public deleteMessage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:DeleteMessage']);
  }

  /**
   * Close all connections of a user to this room.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_DisconnectUser.html
   */
  public disconnectUser(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:DisconnectUser']);
  }

  /** Moderate this room: delete messages, disconnect users, send events. */
  public moderate(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:DeleteMessage', 'ivschat:DisconnectUser', 'ivschat:SendEvent']);
  }

  /**
   * Read this room's settings and tags. Listing rooms is not part of it: `ivschat:ListRooms` is not about one room.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_GetRoom.html
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ['ivschat:GetRoom', 'ivschat:ListTagsForResource']);
  }

  /**
   * Read, change, tag and delete this room. A change made so is drift to the stack that owns the room.
   *
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_UpdateRoom.html
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, [
      'ivschat:GetRoom', 'ivschat:ListTagsForResource',
      'ivschat:UpdateRoom', 'ivschat:DeleteRoom', 'ivschat:TagResource', 'ivschat:UntagResource',
    ]);
  }
}
