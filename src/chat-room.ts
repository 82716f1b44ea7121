import { ArnFormat, CustomResource, Names, RemovalPolicy, Resource, Stack, TagManager, TagType } from 'aws-cdk-lib';
import type { IResource, ITaggableV2 } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IRoomRef, RoomReference } from 'aws-cdk-lib/aws-ivschat';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ChatRoomGrants } from './chat-room-grants';
import { RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags } from './contract/constraints';
import { MAXIMUM_USER_TAGS, ownershipTags } from './contract/ownership-tags';
import { encodeRoomProperties, ROOM_RESOURCE_TYPE } from './contract/room-properties';
import { ControlPlaneProvider } from './private/control-plane-provider';
import { problems, validate } from './private/validate';

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
 * What identifies a room that exists already.
 */
export interface ChatRoomAttributes {
  /** The ARN of the room, `arn:aws:ivschat:REGION:ACCOUNT:room/ID`. */
  readonly roomArn: string;
}

/**
 * Settings of a room.
 */
export interface ChatRoomProps {
  /**
   * The name of the room: at most 128 letters, digits, `-` and `_`. Names need not be unique.
   *
   * @default - made from the path of the construct, so that the room is recognized in the console
   */
  readonly roomName?: string;

  /**
   * The longest message that the room accepts, in Unicode code points: 1 to 500.
   *
   * @default 500
   */
  readonly maximumMessageLength?: number;

  /**
   * How many messages per second the room accepts, from all its users together: 1 to 100.
   *
   * @default 10
   */
  readonly maximumMessageRatePerSecond?: number;

  /**
   * Tags of the room: at most 47, keys of 1 to 128 and values of 0 to 256 characters. `Tags.of(room)` adds to them.
   *
   * @default - only the tags that the library keeps for itself, whose keys start with `cdk-ivs-chat:`
   */
  readonly tags?: { [key: string]: string };

  /**
   * What happens to the room when it is taken out of the stack. A room holds no messages, only connections.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

const CHAT_ROOM = Symbol.for('cdk-ivs-chat.ChatRoom');

abstract class ChatRoomBase extends Resource implements IChatRoom {
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

/**
 * An Amazon IVS Chat room, made and kept by the stack.
 *
 * @resource AWS::IVSChat::Room
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateRoom.html
 *
 * @example
 * declare const tokenFunction: lambda.Function;
 * const room = new ChatRoom(this, 'Room', {
 *   maximumMessageLength: 300,
 *   maximumMessageRatePerSecond: 50,
 * });
 * room.grantCreateChatToken(tokenFunction);
 */
@propertyInjectable
export class ChatRoom extends ChatRoomBase implements ITaggableV2 {
  /** Identifies the class to property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ivs-chat.ChatRoom';

  /** Whether the given object is a `ChatRoom` of this library, whichever copy of it. */
  public static isChatRoom(x: any): x is ChatRoom {
    return x !== null && typeof x === 'object' && CHAT_ROOM in x;
  }

  /** Refers to a room that exists already, by its ARN. */
  public static fromRoomArn(scope: Construct, id: string, roomArn: string): IChatRoom {
    return ChatRoom.fromChatRoomAttributes(scope, id, { roomArn });
  }

  /** Refers to a room that exists already in the stack's account and Region, by its id. */
  public static fromRoomId(scope: Construct, id: string, roomId: string): IChatRoom {
    const roomArn = Stack.of(scope).formatArn({ service: 'ivschat', resource: 'room', resourceName: roomId });
    return ChatRoom.fromChatRoomAttributes(scope, id, { roomArn });
  }

  /** Refers to a room that exists already. */
  public static fromChatRoomAttributes(scope: Construct, id: string, attrs: ChatRoomAttributes): IChatRoom {
    class Import extends ChatRoomBase {
      public readonly roomArn = attrs.roomArn;
      public readonly roomId = Stack.of(scope).splitArn(attrs.roomArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: attrs.roomArn });
  }

  public readonly roomArn: string;
  public readonly roomId: string;

  /**
   * The name of the room.
   *
   * @attribute
   */
  public readonly roomName: string;

  /** Collects the room's tags, from the `tags` property and from `Tags.of()`. */
  public readonly cdkTagManager: TagManager;

  constructor(scope: Construct, id: string, props: ChatRoomProps = {}) {
    super(scope, id, { physicalName: props.roomName });
    Object.defineProperty(this, CHAT_ROOM, { value: true });
    validate(this, {
      roomName: RoomName,
      maximumMessageLength: RoomMaxMessageLength,
      maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
      tags: Tags,
    }, props);

    this.roomName = props.roomName
      ?? Names.uniqueResourceName(this, { maxLength: RoomName.maximumLength, separator: '-', allowedSpecialCharacters: '-_' });
    this.cdkTagManager = new TagManager(TagType.MAP, ROOM_RESOURCE_TYPE, props.tags, { tagPropertyName: 'Tags' });
    this.node.addValidation({ validate: () => this.tagProblems() });

    const provider = ControlPlaneProvider.of(this);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: ROOM_RESOURCE_TYPE,
      serviceToken: provider.serviceToken,
      serviceTimeout: provider.serviceTimeout,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      properties: encodeRoomProperties({
        name: this.roomName,
        maximumMessageLength: props.maximumMessageLength,
        maximumMessageRatePerSecond: props.maximumMessageRatePerSecond,
        tags: this.cdkTagManager.renderedTags,
      }),
    });
    this.roomArn = resource.ref;
    this.roomId = resource.getAttString('Id');
  }

  /** Known only at synthesis, after every aspect has had its say. */
  private tagProblems(): string[] {
    const tags = this.cdkTagManager.tagValues();
    const keys = Object.keys(tags);
    const reserved = keys.filter((key) => key.startsWith('aws:') || Object.values<string>(ownershipTags).includes(key));
    return [
      ...problems({ tags: { ...Tags, maximumLength: MAXIMUM_USER_TAGS } }, { tags }),
      ...reserved.map((key) => `\`tags\` must not have the key ${JSON.stringify(key)}, which is reserved; choose another`),
    ];
  }
}
