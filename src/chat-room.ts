import {
  ArnFormat, CfnDeletionPolicy, Lazy, Names, PhysicalName, RemovalPolicy, Resource, Stack, Validations,
} from 'aws-cdk-lib';
import type { CfnResource, IResource, ITaggableV2, TagManager } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { CfnLoggingConfiguration, CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import type { ILoggingConfigurationRef, IRoomRef, RoomReference } from 'aws-cdk-lib/aws-ivschat';
import type { Construct, IConstruct } from 'constructs';
import { ChatRoomGrants } from './chat-room-grants';
import { CLOUDFORMATION_ROOM_LIMITS } from './contract/cloudformation-room-limits';
import {
  FallbackResult as FallbackResultShape, LambdaArn, LoggingConfigurationIdentifierList, RoomArn, RoomID, RoomName,
} from './contract/generated/constraints';
import {
  encodeRoomProperties, ROOM_DEFAULTS, ROOM_RESOURCE_TYPE, type RoomProperties,
} from './contract/room-properties';
import { LoggingConfiguration } from './logging-configuration';
import { FallbackResult, type MessageReviewHandler, type MessageReviewHandlerConfig } from './message-review-handler';
import type { MessagingAction } from './messaging-action';
import { CustomResource } from './private/custom-resource';
import { regionOf, validateSameEnvironment } from './private/environment';
import { LOGGING_CONFIGURATION, MESSAGING_ACTION, OBJECT, TEXT } from './private/expectations';
import { metric } from './private/metric';
import { PROPERTY_NAMES, ROOM_PROPERTIES } from './private/properties';
import { injectProperties } from './private/property-injection';
import { ControlPlaneProvider } from './private/provider/control-plane-provider';
import { LIMIT_OF_CLOUDFORMATION, provisioningOf } from './private/provisioning';
import { listOfTags, tagManager, validateTags } from './private/tags';
import {
  described, isLookup, validate, validateArgument, validateId, validateProperties, validateScope,
} from './private/validate';
import { Provisioning } from './provisioning';

/**
 * An Amazon IVS Chat room.
 */
export interface IChatRoom extends IResource, IRoomRef {
  /**
   * The ARN of the room. API operations identify a room by its ARN.
   *
   * @attribute
   */
  readonly roomArn: string;

  /**
   * The ID of the room: the last part of the ARN, 12 letters and digits.
   *
   * @attribute
   */
  readonly roomId: string;

  /** The grants for all operations on this room. */
  readonly grants: ChatRoomGrants;

  /**
   * Grants permission to create chat tokens for this room.
   *
   * @param grantee The principal to grant the permission to.
   * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_CreateChatToken.html
   */
  grantCreateChatToken(grantee: iam.IGrantable): iam.Grant;

  /**
   * Grants permission to moderate this room: to delete messages, disconnect users and send events.
   *
   * @param grantee The principal to grant the permission to.
   */
  grantModerate(grantee: iam.IGrantable): iam.Grant;

  /**
   * Grants permission to send application events to all users in this room.
   *
   * @param grantee The principal to grant the permission to.
   */
  grantSendEvent(grantee: iam.IGrantable): iam.Grant;

  /**
   * Grants permission to read the settings and the tags of this room.
   *
   * @param grantee The principal to grant the permission to.
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;
}

/**
 * Attributes of an existing room.
 */
export interface ChatRoomAttributes {
  /** The ARN of the room, `arn:aws:ivschat:REGION:ACCOUNT:room/ID`. */
  readonly roomArn: string;
}

/** The base class of rooms in the stack and of imported rooms. */
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
 * Properties for a ChatRoom.
 */
export interface ChatRoomProps {
  /**
   * The name of the room. It can contain up to 128 letters, digits, hyphens and underscores. Two rooms can have
   * the same name.
   *
   * @default - a name generated from the path of the construct; an existing room keeps its name
   */
  readonly roomName?: string;

  /**
   * The maximum length of a message, in Unicode code points, from 1 to 500.
   *
   * @default 500
   */
  readonly maximumMessageLength?: number;

  /**
   * The maximum number of messages per second that all users together can send to the room, from 1 to 100.
   *
   * @default 10
   */
  readonly maximumMessageRatePerSecond?: number;

  /**
   * The handler that reviews each message before the room delivers it.
   *
   * @default - messages are delivered without a review
   */
  readonly messageReviewHandler?: MessageReviewHandler;

  /**
   * The logging configurations that record the messages and events of the room. A room can have up to 3 different
   * logging configurations, in the Region of the room. You can add more with `addLoggingConfiguration`.
   *
   * @default - no logging
   */
  readonly loggingConfigurations?: ILoggingConfigurationRef[];

  /**
   * The tags of the room. You can set up to 46 tags. A key has 1 to 128 characters and a value has 0 to 256 characters.
   * You can add more with `Tags.of(room)`.
   *
   * @default - no tags, except the tags of the library, which start with `cdk-ivs-chat:`
   */
  readonly tags?: { [key: string]: string };

  /**
   * The Region of the room. Amazon IVS Chat is available in seven Regions. The message review handler and the logging
   * configurations of the room must be in the same Region. You cannot change the Region of a room.
   *
   * @default - the Region of the stack
   */
  readonly region?: string;

  /**
   * An existing room to adopt. The stack does not create a room, and applies the other properties to the existing room.
   * Keep the property after the deployment. If you remove it, the room becomes an ordinary room of the stack, and the
   * stack deletes it according to `removalPolicy`.
   *
   * The stack never deletes an adopted room. When the room leaves the stack, or when the deployment that adopted it is
   * rolled back, the library removes its own tags from the room and does not delete the room. With
   * `RemovalPolicy.RETAIN`, the tags are retained as well.
   *
   * You cannot adopt a room that another stack owns. If that stack has retained the room, remove the tag
   * `cdk-ivs-chat:owner` from the room first.
   *
   * To move a room to another construct of the same stack, use three deployments: set `removalPolicy` of the first
   * construct to `RemovalPolicy.RETAIN`, remove the construct, and add the new construct with `existingRoom`.
   *
   * @default - a new room
   */
  readonly existingRoom?: IRoomRef;

  /**
   * The policy to apply when the room leaves the stack. A room stores no messages. If you retain a room, also retain
   * its logging configurations.
   *
   * An adopted room is never deleted. `RemovalPolicy.DESTROY` removes the tags of the library from it, and
   * `RemovalPolicy.RETAIN` retains them.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How the room is provisioned: by a custom resource, or by the CloudFormation type `AWS::IVSChat::Room`. You cannot
   * change it after the deployment; CloudFormation refuses the change. To move a room from one to the other, see
   * https://github.com/cdk-ivs-chat/cdk-ivs-chat/blob/main/docs/provisioning.md
   *
   * @default - the value of the context key `cdk-ivs-chat:provisioning`, otherwise Provisioning.CUSTOM_RESOURCE
   */
  readonly provisioning?: Provisioning;
}

const CHAT_ROOM = Symbol.for('cdk-ivs-chat.ChatRoom');

/**
 * An Amazon IVS Chat room.
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
export class ChatRoom extends ChatRoomBase implements ITaggableV2 {
  /** The identifier of this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ivs-chat.ChatRoom';

  /** Returns whether an object is a `ChatRoom`, including one from another copy of this library. */
  public static isChatRoom(x: any): x is ChatRoom {
    return x !== null && typeof x === 'object' && CHAT_ROOM in x;
  }

  /** Imports an existing room by its ARN. */
  public static fromRoomArn(scope: Construct, id: string, roomArn: string): IChatRoom {
    return ChatRoom.fromChatRoomAttributes(scope, id, { roomArn });
  }

  /** Imports an existing room in the account and Region of the stack by its ID. */
  public static fromRoomId(scope: Construct, id: string, roomId: string): IChatRoom {
    validateId('roomId', roomId, RoomID, 'fromRoomArn', validateScope(scope, id));
    return ChatRoom.fromChatRoomAttributes(scope, id, { roomArn: roomArnOf(scope, roomId) });
  }

  /** Imports an existing room by its attributes. */
  public static fromChatRoomAttributes(scope: Construct, id: string, attrs: ChatRoomAttributes): IChatRoom {
    const path = validateScope(scope, id);
    validateArgument('attrs', attrs, OBJECT, path);
    validateArgument('roomArn', attrs.roomArn, TEXT, path);
    validate(path, { roomArn: RoomArn }, { roomArn: attrs.roomArn });
    // The CDK cannot split the text of a lookup.
    const arn = isLookup(attrs.roomArn) ? roomArnOf(scope, attrs.roomArn) : attrs.roomArn;
    const { resourceName } = Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME);

    class Import extends ChatRoomBase {
      public readonly roomArn = arn;
      public readonly roomId = resourceName!;
    }
    return new Import(scope, id, { environmentFromArn: arn });
  }

  /**
   * Returns a metric for all rooms of the account in the Region. The service has no metrics for a single room.
   *
   * @param metricName `ConcurrentChatConnections`, `MessagingRequests` or `MessagingDeliveries`.
   * @default - sum over 5 minutes, or maximum over 5 minutes for `ConcurrentChatConnections`
   */
  public static metricAll(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric(metricName, options);
  }

  /**
   * Returns a metric for the number of connections to all rooms of the account in the Region.
   *
   * @default - maximum over 5 minutes
   */
  public static metricAllConcurrentChatConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('ConcurrentChatConnections', options);
  }

  /**
   * Returns a metric for the number of messaging requests to all rooms of the account in the Region.
   *
   * @default - sum over 5 minutes
   */
  public static metricAllMessagingRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('MessagingRequests', options);
  }

  /**
   * Returns a metric for the number of messages and events that all rooms of the account in the Region delivered to
   * users.
   *
   * @default - sum over 5 minutes
   */
  public static metricAllMessagingDeliveries(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric('MessagingDeliveries', options);
  }

  /**
   * Returns a metric for the number of messaging requests with an action to all rooms of the account in the Region.
   *
   * @param action The action. The service does not document the values of the dimension.
   * @default - sum over 5 minutes
   */
  public static metricAllRequests(
    action: MessagingAction, options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    validateArgument('action', action, MESSAGING_ACTION);
    return metric('Requests', options, 'Action', action.name);
  }

  /**
   * Returns a metric for the number of deliveries that an action caused in all rooms of the account in the Region.
   *
   * @param action The action. The service does not document the values of the dimension.
   * @default - sum over 5 minutes
   */
  public static metricAllDeliveries(
    action: MessagingAction, options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    validateArgument('action', action, MESSAGING_ACTION);
    return metric('Deliveries', options, 'Action', action.name);
  }

  public readonly roomArn: string;
  public readonly roomId: string;

  /**
   * The name of the room.
   *
   * @attribute
   */
  public readonly roomName: string;

  /** The handler that reviews each message before the room delivers it. */
  public readonly messageReviewHandler?: MessageReviewHandler;

  /** The tags of the room, from the `tags` property and from `Tags.of()`. */
  public readonly cdkTagManager: TagManager;

  /**
   * The role of the review function, on which the room depends.
   *
   * @internal
   */
  public readonly _reviewer?: iam.IPrincipal;

  private readonly loggingConfigurations = new Map<string, ILoggingConfigurationRef>();

  constructor(scope: Construct, id: string, props: ChatRoomProps = {}) {
    const path = validateScope(scope, id);
    props = injectProperties(ChatRoom.PROPERTY_INJECTION_ID, scope, id, props ?? {});
    validateProperties('props', props, ROOM_PROPERTIES, PROPERTY_NAMES, path);
    const region = regionOf(scope, id, { region: props.region, existing: props.existingRoom });
    // A name does not identify a room, so a reference from another environment never needs it.
    const roomName = props.roomName === PhysicalName.GENERATE_IF_NEEDED ? undefined : props.roomName;
    super(scope, id, { physicalName: roomName, region });
    Object.defineProperty(this, CHAT_ROOM, { value: true });

    const existingArn = props.existingRoom?.roomRef.roomArn;
    validate(this, { existingRoom: RoomArn }, { existingRoom: existingArn });
    if (props.existingRoom) validateSameEnvironment(this, '`existingRoom`', props.existingRoom);

    const generatedName = existingArn ? undefined : Names.uniqueResourceName(this, {
      maxLength: RoomName.maximum,
      separator: '-',
      allowedSpecialCharacters: '-_',
    });
    const name = roomName ?? generatedName;

    this.messageReviewHandler = props.messageReviewHandler;
    const review = props.messageReviewHandler ? bindHandler(this, props.messageReviewHandler) : undefined;
    this._reviewer = review?.grantPrincipal;
    props.loggingConfigurations?.forEach((loggingConfiguration, index) => {
      validateArgument(`loggingConfigurations[${index}]`, loggingConfiguration, LOGGING_CONFIGURATION, this);
      this.addLoggingConfiguration(loggingConfiguration);
    });

    const provisioning = provisioningOf(this, {
      provisioning: props.provisioning, region, existing: props.existingRoom && 'existingRoom',
    });
    const settings = {
      name,
      maximumMessageLength: props.maximumMessageLength,
      maximumMessageRatePerSecond: props.maximumMessageRatePerSecond,
      messageReviewHandler: review && {
        uri: review.uri,
        fallbackResult: review.fallbackResult ?? FallbackResult.DENY,
      },
    };
    let resource: CfnResource;
    if (provisioning === Provisioning.CLOUDFORMATION) {
      const cfnRoom = this.cloudFormationResource(settings, props);
      resource = cfnRoom;
      this.cdkTagManager = cfnRoom.tags;
      this.roomId = cfnRoom.attrId;
    } else {
      this.cdkTagManager = tagManager(this, [ROOM_RESOURCE_TYPE, CfnRoom.CFN_RESOURCE_TYPE_NAME], props.tags);
      resource = this.customResource({ ...settings, region, existingArn }, props);
      this.roomId = resource.getAtt('Id').toString();
    }
    if (review?.dependable) resource.node.addDependency(review.dependable);

    this.roomArn = resource.ref;
    this.roomName = name ?? resource.getAtt('Name').toString();

    // The validation runs after all aspects, which can change removal policies.
    this.node.addValidation({ validate: () => this.warnIfLoggingIsDeletedFirst(resource, existingArn !== undefined) });
  }

  /**
   * Adds a logging configuration that records the messages and events of the room. A room can have up to 3 different
   * logging configurations, in the Region of the room.
   *
   * @config
   */
  public addLoggingConfiguration(loggingConfiguration: ILoggingConfigurationRef): void {
    validateArgument('loggingConfiguration', loggingConfiguration, LOGGING_CONFIGURATION, this);
    const { path } = loggingConfiguration.node;
    validateSameEnvironment(this, `the logging configuration ${path}`, loggingConfiguration);

    const arn = CfnLoggingConfiguration.arnForLoggingConfiguration(loggingConfiguration);
    if (this.loggingConfigurations.has(arn)) {
      throw new Error(`\`loggingConfigurations\` must not contain duplicates, got ${path} twice`
        + ` (at ${this.node.path})`);
    }
    const { maximum } = LoggingConfigurationIdentifierList;
    if (this.loggingConfigurations.size === maximum) {
      throw new Error(`\`loggingConfigurations\` can have at most ${maximum} logging configurations;`
        + ` cannot add ${path} (at ${this.node.path})`);
    }
    this.loggingConfigurations.set(arn, loggingConfiguration);
  }

  private customResource(settings: Omit<RoomProperties, 'tags'>, { removalPolicy }: ChatRoomProps): CfnResource {
    const provider = ControlPlaneProvider.of(this);
    provider.allowCreate('Room', this.env.region);
    const resource = new CustomResource(this, {
      type: ROOM_RESOURCE_TYPE,
      provider,
      removalPolicy,
      properties: (deletionPolicy) => encodeRoomProperties({
        ...settings,
        loggingConfigurationIdentifiers: this.loggingConfigurations.size > 0
          ? [...this.loggingConfigurations.keys()] : undefined,
        tags: this.cdkTagManager.renderTags(),
        deletionPolicy,
      }),
    });
    const { existingArn } = settings;
    if (existingArn) resource.node.addDependency(provider.allowAdopt(existingArn));
    return resource;
  }

  private cloudFormationResource(settings: RoomProperties, { tags, removalPolicy }: ChatRoomProps): CfnRoom {
    const { maximumMessageRatePerSecond, tags: tagLimits } = CLOUDFORMATION_ROOM_LIMITS;
    validate(this, { maximumMessageRatePerSecond }, settings, LIMIT_OF_CLOUDFORMATION);
    // A property that is absent from the template may keep its value in an update, so all settings with a default of
    // the service are in the template.
    const resource = new CfnRoom(this, 'Resource', {
      ...settings,
      maximumMessageLength: settings.maximumMessageLength ?? ROOM_DEFAULTS.maximumMessageLength,
      maximumMessageRatePerSecond:
        settings.maximumMessageRatePerSecond ?? ROOM_DEFAULTS.maximumMessageRatePerSecond,
      loggingConfigurationIdentifiers: Lazy.list({ produce: () => [...this.loggingConfigurations.keys()] }),
      tags: listOfTags(tags),
    });
    validateTags(this, resource.tags, tagLimits, LIMIT_OF_CLOUDFORMATION);
    resource.applyRemovalPolicy(removalPolicy, { default: RemovalPolicy.DESTROY });
    return resource;
  }

  private warnIfLoggingIsDeletedFirst(resource: CfnResource, isAdopted: boolean): string[] {
    if (!isAdopted && isDeleted(this)) return [];

    for (const loggingConfiguration of this.loggingConfigurations.values()) {
      if (!LoggingConfiguration.isLoggingConfiguration(loggingConfiguration)) continue;
      if (loggingConfiguration._isAdopted || !isDeleted(loggingConfiguration)) continue;
      // An acknowledgement on the room applies to later warnings of its children, but not of the room itself.
      Validations.of(resource).addWarning('cdk-ivs-chat:retainedRoom',
        `the logging configuration ${loggingConfiguration.node.path} cannot be deleted while the room uses it, and the`
        + ' stack does not delete the room; set `removalPolicy: RemovalPolicy.RETAIN` on the logging configuration as'
        + ' well');
    }
    return [];
  }
}

function roomArnOf(scope: Construct, roomId: string): string {
  return Stack.of(scope).formatArn({ service: 'ivschat', resource: 'room', resourceName: roomId });
}

/** Binds the handler to a room, and validates the result. */
function bindHandler(room: ChatRoom, handler: MessageReviewHandler): MessageReviewHandlerConfig {
  const config = handler.bind(room);
  if (!OBJECT.accepts(config)) {
    throw new Error('`bind` of `messageReviewHandler` must return an object with `uri`,'
      + ` got ${described(config)} (at ${room.node.path})`);
  }
  const { uri, fallbackResult } = config;
  // The service accepts an empty ARN and then delivers messages without a review.
  const isArn = {
    must: 'be the ARN of a Lambda function',
    accepts: (value: unknown) => typeof value === 'string' && value !== '',
  };
  validateArgument('messageReviewHandler.uri', uri, isArn, room);
  validate(room, {
    'messageReviewHandler.uri': LambdaArn, 'messageReviewHandler.fallbackResult': FallbackResultShape,
  }, { 'messageReviewHandler.uri': uri, 'messageReviewHandler.fallbackResult': fallbackResult });
  return config;
}

/** Returns whether CloudFormation deletes a resource that leaves its stack. */
function isDeleted(construct: IConstruct): boolean {
  const { deletionPolicy } = (construct.node.defaultChild as CfnResource).cfnOptions;
  return deletionPolicy === undefined || deletionPolicy === CfnDeletionPolicy.DELETE;
}
