import { ArnFormat, CfnDeletionPolicy, CustomResource, Lazy, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { CfnResource, ITaggableV2, TagManager } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CfnLoggingConfiguration } from 'aws-cdk-lib/aws-ivschat';
import type { ILoggingConfigurationRef, IRoomRef } from 'aws-cdk-lib/aws-ivschat';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ChatRoomBase, type IChatRoom } from './chat-room-base';
import {
  LambdaArn, LoggingConfigurationIdentifierList, RoomArn, RoomMaxMessageLength, RoomMaxMessageRatePerSecond, RoomName, Tags,
} from './contract/constraints';
import { encodeRoomProperties, ROOM_RESOURCE_TYPE } from './contract/room-properties';
import { FallbackResult } from './fallback-result';
import { LoggingConfiguration } from './logging-configuration';
import type { MessageReviewHandler } from './message-review-handler';
import { ControlPlaneProvider } from './private/control-plane-provider';
import { deletionPolicyOf } from './private/deletion-policy';
import { metric } from './private/metric';
import { mustBeWhere, regionOf } from './private/region';
import { tagManager } from './private/tags';
import { validate } from './private/validate';

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
   * @default - made from the path of the construct, so that the room is recognized in the console; one that is adopted keeps
   * its name
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
   * Reviews each message before it is delivered.
   *
   * @default - messages are delivered unreviewed
   */
  readonly messageReviewHandler?: MessageReviewHandler;

  /**
   * Where the room's messages and events are recorded: at most 3, all different, in the room's Region.
   * `addLoggingConfiguration` adds to them.
   *
   * @default - nothing is recorded
   */
  readonly loggingConfigurations?: ILoggingConfigurationRef[];

  /**
   * Tags of the room: at most 46, keys of 1 to 128 and values of 0 to 256 characters. `Tags.of(room)` adds to them.
   *
   * @default - only the tags that the library keeps for itself, whose keys start with `cdk-ivs-chat:`
   */
  readonly tags?: { [key: string]: string };

  /**
   * The Region in which the room lives, one of the seven that have Amazon IVS Chat. Its message review handler and its
   * logging configurations have to be there, too. Can't be changed.
   *
   * @default - the Region of the stack
   */
  readonly region?: string;

  /**
   * An existing room to adopt instead of creating one. The deployment applies the other properties to the room.
   * Leave the property in place afterwards: without it, the room becomes an ordinary room of the stack, which the
   * stack deletes.
   *
   * The stack never deletes an adopted room. When the room leaves the stack, or when the deployment that adopted it is
   * rolled back, the library removes its own tags and leaves the room in place. With `RemovalPolicy.RETAIN`, the room
   * keeps the tags.
   *
   * A room that another stack owns is refused. If that stack has retained the room, remove the tag `cdk-ivs-chat:owner`
   * from the room first.
   *
   * To move a room to another construct of the same stack, use three deployments: set `removalPolicy` of the first
   * construct to `RemovalPolicy.RETAIN`, remove the construct, and add the new construct with `existingRoom`.
   *
   * @default - a new room
   */
  readonly existingRoom?: IRoomRef;

  /**
   * The policy that applies when the room leaves the stack. A room holds no messages, only connections. If you
   * retain a room, also retain its logging configurations.
   *
   * An adopted room is never deleted. `RemovalPolicy.DESTROY` removes the tags of the library from it, and
   * `RemovalPolicy.RETAIN` keeps them.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

const CHAT_ROOM = Symbol.for('cdk-ivs-chat.ChatRoom');

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

  /**
   * A metric over all rooms of the account in the Region. There are no metrics of one room.
   *
   * @default - sum over 5 minutes
   */
  public static metricAll(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric(metricName, 'Sum', options);
  }

  /**
   * How many connections there are to all rooms of the account in the Region.
   *
   * @default - maximum over 5 minutes
   */
  public static metricAllConcurrentChatConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('ConcurrentChatConnections', 'Maximum', options);
  }

  /**
   * How many messaging requests were made in all rooms of the account in the Region.
   *
   * @default - sum over 5 minutes
   */
  public static metricAllMessagingRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('MessagingRequests', 'Sum', options);
  }

  /**
   * How many messages and events were delivered to users, in all rooms of the account in the Region.
   *
   * @default - sum over 5 minutes
   */
  public static metricAllMessagingDeliveries(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('MessagingDeliveries', 'Sum', options);
  }

  /**
   * How many messaging requests with the given action were made, in all rooms of the account in the Region.
   *
   * @param action as the dimension `Action` has it
   * @default - sum over 5 minutes
   */
  public static metricAllRequests(action: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('Requests', 'Sum', options, { Action: action });
  }

  /**
   * How many deliveries followed from the given action, in all rooms of the account in the Region.
   *
   * @param action as the dimension `Action` has it
   * @default - sum over 5 minutes
   */
  public static metricAllDeliveries(action: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('Deliveries', 'Sum', options, { Action: action });
  }

  public readonly roomArn: string;
  public readonly roomId: string;

  /**
   * The name of the room.
   *
   * @attribute
   */
  public readonly roomName: string;

  /** Reviews each message before it is delivered. */
  public readonly messageReviewHandler?: MessageReviewHandler;

  /** Collects the room's tags, from the `tags` property and from `Tags.of()`. */
  public readonly cdkTagManager: TagManager;

  private readonly loggingConfigurationArns: string[] = [];
  private readonly outlivesStack: boolean;

  constructor(scope: Construct, id: string, props: ChatRoomProps = {}) {
    const region = regionOf(scope, id, { region: props.region, existing: props.existingRoom });
    super(scope, id, { physicalName: props.roomName, region });
    Object.defineProperty(this, CHAT_ROOM, { value: true });
    const existingArn = props.existingRoom?.roomRef.roomArn;
    validate(this, {
      roomName: RoomName,
      maximumMessageLength: RoomMaxMessageLength,
      maximumMessageRatePerSecond: RoomMaxMessageRatePerSecond,
      tags: Tags,
      existingRoom: RoomArn,
    }, { ...props, existingRoom: existingArn });
    if (props.existingRoom) mustBeWhere(this, '`existingRoom`', props.existingRoom);

    const name = props.roomName ?? (existingArn ? undefined
      : Names.uniqueResourceName(this, { maxLength: RoomName.maximum, separator: '-', allowedSpecialCharacters: '-_' }));
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;
    this.outlivesStack = existingArn !== undefined || removalPolicy !== RemovalPolicy.DESTROY;
    this.cdkTagManager = tagManager(this, ROOM_RESOURCE_TYPE, props.tags);
    this.messageReviewHandler = props.messageReviewHandler;
    const review = props.messageReviewHandler?.bind(this);
    if (review) validate(this, { 'messageReviewHandler.uri': LambdaArn }, { 'messageReviewHandler.uri': review.uri });
    for (const loggingConfiguration of props.loggingConfigurations ?? []) this.addLoggingConfiguration(loggingConfiguration);

    const provider = ControlPlaneProvider.of(this);
    provider.allowCreate('Room', this.env.region);
    const resource: CustomResource = new CustomResource(this, 'Resource', {
      resourceType: ROOM_RESOURCE_TYPE,
      serviceToken: provider.serviceToken,
      serviceTimeout: provider.serviceTimeout,
      removalPolicy,
      properties: encodeRoomProperties({
        name,
        maximumMessageLength: props.maximumMessageLength,
        maximumMessageRatePerSecond: props.maximumMessageRatePerSecond,
        messageReviewHandler: review && { uri: review.uri, fallbackResult: review.fallbackResult ?? FallbackResult.DENY },
        loggingConfigurationIdentifiers: Lazy.list({ produce: () => this.loggingConfigurationArns }, { omitEmpty: true }),
        tags: this.cdkTagManager.renderedTags,
        region,
        existingArn,
        deletionPolicy: deletionPolicyOf(() => resource),
      }),
    });
    if (existingArn) resource.node.addDependency(provider.allowAdopt(existingArn));
    if (review?.dependable) resource.node.addDependency(review.dependable);
    this.roomArn = resource.ref;
    this.roomId = resource.getAttString('Id');
    this.roomName = name ?? resource.getAttString('Name');
  }

  /**
   * Records the room's messages and events with one more logging configuration: at most 3, in the room's Region.
   *
   * @config
   */
  public addLoggingConfiguration(loggingConfiguration: ILoggingConfigurationRef): void {
    mustBeWhere(this, `the logging configuration ${loggingConfiguration.node.path}`, loggingConfiguration);
    const arn = CfnLoggingConfiguration.arnForLoggingConfiguration(loggingConfiguration);
    if (this.loggingConfigurationArns.includes(arn)) {
      throw new Error(`\`loggingConfigurations\` must all be different, got ${loggingConfiguration.node.path} twice (at ${this.node.path})`);
    }
    if (this.loggingConfigurationArns.length === LoggingConfigurationIdentifierList.maximum) {
      throw new Error(`\`loggingConfigurations\` must have at most ${LoggingConfigurationIdentifierList.maximum} items,`
        + ` got ${loggingConfiguration.node.path} besides (at ${this.node.path})`);
    }
    this.loggingConfigurationArns.push(arn);
    if (this.outlivesStack && isDeletedWithStack(loggingConfiguration)) {
      Validations.of(this).addWarning('cdk-ivs-chat:retainedRoom',
        `the logging configuration ${loggingConfiguration.node.path} cannot be deleted while the room uses it, and the`
        + ' stack does not delete the room; set `removalPolicy: RemovalPolicy.RETAIN` on the logging configuration, too');
    }
  }
}

function isDeletedWithStack(loggingConfiguration: ILoggingConfigurationRef): boolean {
  if (!LoggingConfiguration.isLoggingConfiguration(loggingConfiguration)) return false;
  if (loggingConfiguration._isAdopted) return false;
  const { cfnOptions } = loggingConfiguration.node.findChild('Resource').node.defaultChild as CfnResource;
  return cfnOptions.deletionPolicy === CfnDeletionPolicy.DELETE;
}
