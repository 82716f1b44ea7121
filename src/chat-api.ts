import { CfnResource, Duration, Names, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IRoomRef } from 'aws-cdk-lib/aws-ivschat';
import { CfnRoom } from 'aws-cdk-lib/aws-ivschat';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { BanList, type IBanList } from './ban-list';
import { ChatRole } from './chat-role';
import { ChatRoomGrants } from './chat-room-grants';
import { CHAT_API_CONFIGURATION, type ChatApiConfiguration } from './contract/chat-api/configuration';
import {
  CHAT_API_OPERATIONS, chatApiPath, RoomKey, type ChatApiFunction, type ChatApiOperation,
} from './contract/chat-api/operations';
import { STANDARD_ROLES, type RoleRights, type StandardRole } from './contract/chat-api/roles';
import { SessionDurationInMinutes } from './contract/generated/constraints';
import { PackagedCode } from './packaged-code';
import { CHAT_ROLE, ROOM, TEXT } from './private/expectations';
import { suppressNagRule } from './private/nag-suppressions';
import { CHAT_API_PROPERTIES, CHAT_CLAIMS, CHAT_POLICY, PROPERTY_NAMES, ROLE_NAME } from './private/properties';
import { injectProperties } from './private/property-injection';
import { described, validate, validateArgument, validateProperties, validateScope } from './private/validate';

/**
 * The claims of a verified identity from which the chat API takes the user ID, the display name and the role.
 *
 * The claims are those of the JSON web token, or the context of a Lambda authorizer. Users must not be able to change
 * the claims of the user ID and of the role themselves.
 */
export interface ChatClaims {
  /**
   * The claim with the user ID. Everyone in the room can see user IDs.
   *
   * @default sub
   */
  readonly userId?: string;

  /**
   * The claim with the display name. It becomes the attribute `displayName` of the chat token.
   *
   * @default name
   */
  readonly displayName?: string;

  /**
   * The claim with the role or the roles of the user: a text, or a list of texts. The names are compared with the names
   * in `roles`.
   *
   * @default cognito:groups
   */
  readonly role?: string;
}

/**
 * The information that app stores require a chat to show.
 */
export interface ChatPolicy {
  /** The e-mail address or the URL at which users reach you. */
  readonly contact: string;

  /**
   * The URL of the terms.
   *
   * @default - no terms
   */
  readonly termsUrl?: string;
}

/**
 * Properties for a ChatApi.
 */
export interface ChatApiProps {
  /**
   * The rooms by key, 1 to 25. Requests name a room by its key: 1 to 64 letters, digits, hyphens and underscores. A
   * request can omit the key if there is one room. Users cannot reach any other room.
   */
  readonly rooms: { [key: string]: IRoomRef };

  /**
   * The authorizer of all routes, such as an `HttpUserPoolAuthorizer` or an `HttpJwtAuthorizer`.
   */
  readonly authorizer: apigateway.IHttpRouteAuthorizer;

  /**
   * The claims from which the chat API takes the user ID, the display name and the role.
   *
   * @default - `sub`, `name` and `cognito:groups`
   */
  readonly claims?: ChatClaims;

  /**
   * The roles by the name that the claim contains, for example a group of a user pool. A name has no blanks, brackets
   * or commas. A user with several roles has the rights of all of them.
   *
   * @default - `viewer`, `moderator` and `host`, with the rights of the same names
   */
  readonly roles?: { [name: string]: ChatRole };

  /**
   * The name of the role of the users who have none of the `roles`.
   *
   * @default - `viewer`, with the rights of `ChatRole.VIEWER` unless `roles` has another role of this name
   */
  readonly defaultRole?: string;

  /**
   * The ban list. Several chat APIs can share one.
   *
   * @default - a new ban list
   */
  readonly banList?: IBanList;

  /**
   * The origins of the pages that may call the API, for example `https://example.com`.
   *
   * @default - no page can call the API. Apps and servers can.
   */
  readonly allowOrigins?: string[];

  /**
   * The time after which a user needs a new chat token, from 1 to 180 minutes.
   *
   * @default Duration.minutes(60)
   */
  readonly sessionDuration?: Duration;

  /**
   * The version of the terms that users have to accept before they can send messages.
   *
   * @default - users do not have to accept terms
   */
  readonly requiredTerms?: string;

  /**
   * The information that the operation `GetPolicy` returns, in addition to the categories of reports.
   *
   * @default - the categories only
   */
  readonly policy?: ChatPolicy;

  /**
   * Whether visitors without a sign-in can read the chat. Each of them is a new user with a generated ID, so a ban has
   * no effect on them. The route has no authorizer, and it is limited to 20 requests per second.
   *
   * @default false
   */
  readonly allowGuests?: boolean;

  /**
   * The number of requests per second that the API accepts, and the number that it accepts at once. API Gateway answers
   * other requests with the status 429.
   *
   * @default - 200 requests per second and 400 at once
   */
  readonly throttle?: apigateway.ThrottleSettings;

  /**
   * The time to keep the logs of the functions and the access log.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the logs of the functions and the access log. Its policy must allow CloudWatch Logs to use
   * it.
   *
   * @default - a key that CloudWatch Logs owns
   */
  readonly logEncryptionKey?: kms.IKeyRef;

  /**
   * Whether AWS X-Ray traces the functions.
   *
   * @default lambda.Tracing.DISABLED
   */
  readonly tracing?: lambda.Tracing;
}

/** The account has a quota of 200 chat tokens per second. */
const DEFAULT_THROTTLE: apigateway.ThrottleSettings = { rateLimit: 200, burstLimit: 400 };
const GUEST_THROTTLE = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };

const MAXIMUM_ROOMS = 25;
/** Lambda limits the environment of a function to 4 KB. This leaves space for the variables of layers. */
const MAXIMUM_CONFIGURATION_BYTES = 3800;
const ROOM_ARN_LENGTH = 'arn:aws:ivschat:ap-northeast-1:123456789012:room/abcdefghijkl'.length;

const DEFAULT_ROLE = 'viewer';

/** The claims that users can change in most identity providers. */
const USER_CLAIMS = [
  'address', 'birthdate', 'email', 'family_name', 'gender', 'given_name', 'locale', 'middle_name', 'name', 'nickname',
  'phone_number', 'picture', 'preferred_username', 'profile', 'website', 'zoneinfo',
];

/**
 * The back end of a chat: an HTTP API that creates chat tokens for signed-in users, and that moderates.
 *
 * The user ID, the display name and the role come from the identity that the authorizer has verified. The request
 * cannot change them. The operations are `POST` routes with a JSON body: create a chat token; delete a message; send an
 * event; disconnect, ban and mute users; block users; report messages and users, and resolve reports; accept terms.
 *
 * @see https://github.com/cdk-ivs-chat/cdk-ivs-chat/blob/main/docs/chat-api.md
 *
 * @example
 * declare const userPool: cognito.UserPool;
 * declare const userPoolClient: cognito.UserPoolClient;
 * const chat = new ChatApi(this, 'Chat', {
 *   rooms: { lobby: new ChatRoom(this, 'Lobby') },
 *   authorizer: new HttpUserPoolAuthorizer('Users', userPool, { userPoolClients: [userPoolClient] }),
 *   allowOrigins: ['https://example.com'],
 * });
 * new CfnOutput(this, 'ChatUrl', { value: chat.url });
 */
export class ChatApi extends Construct {
  /** The identifier of this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ivs-chat.ChatApi';

  /** The HTTP API. Your own routes have the same authorizer, unless you set another one. */
  public readonly httpApi: apigateway.HttpApi;

  /** The ban list. */
  public readonly banList: IBanList;

  /** The function that creates chat tokens. */
  public readonly tokenFunction: lambda.Function;

  /** The function that moderates. */
  public readonly moderationFunction: lambda.Function;

  constructor(scope: Construct, id: string, props: ChatApiProps) {
    const path = validateScope(scope, id);
    props = injectProperties(ChatApi.PROPERTY_INJECTION_ID, scope, id, props);
    validateProperties('props', props, CHAT_API_PROPERTIES, PROPERTY_NAMES, path);
    super(scope, id);
    this.validateRooms(props.rooms);
    validateArgument('authorizer', props.authorizer, CHAT_API_PROPERTIES.authorizer, this);
    this.validateClaims(props.claims);
    if (props.policy) {
      validateProperties('policy', props.policy, CHAT_POLICY, [], this);
      validateArgument('policy.contact', props.policy.contact, TEXT, this);
    }
    this.validateRoles(props);
    const sessionDurationInMinutes = props.sessionDuration?.toMinutes({ integral: false });
    const minutes = { 'sessionDuration.toMinutes()': SessionDurationInMinutes };
    validate(this, minutes, { 'sessionDuration.toMinutes()': sessionDurationInMinutes });
    this.validateOrigins(props.allowOrigins ?? []);

    this.banList = props.banList ?? new BanList(this, 'BanList');
    this.httpApi = new apigateway.HttpApi(this, 'HttpApi', {
      apiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      description: 'Creates chat tokens and moderates Amazon IVS Chat rooms (cdk-ivs-chat)',
      defaultAuthorizer: props.authorizer,
      corsPreflight: props.allowOrigins && {
        allowOrigins: props.allowOrigins,
        allowMethods: [apigateway.CorsHttpMethod.GET, apigateway.CorsHttpMethod.POST],
        allowHeaders: ['authorization', 'content-type'],
        maxAge: Duration.hours(1),
      },
    });

    const configuration = this.configuration(props);
    const functions = {
      token: this.newFunction('Token', configuration, Duration.seconds(10), props),
      // After a ban, the function waits for 62 seconds and disconnects the user again.
      moderation: this.newFunction('Moderation', configuration, Duration.seconds(90), props),
    };
    this.tokenFunction = functions.token;
    this.moderationFunction = functions.moderation;
    this.grant(functions, sorted(props.rooms).map(([, room]) => room));
    this.addRoutes(functions, props.allowGuests ?? false);
    this.configureStage(props);
    this.node.addValidation({ validate: () => this.warnAboutCachedAuthorization() });
  }

  /** The URL of the API, with a slash at its end. */
  public get url(): string {
    return this.httpApi.url!;
  }

  private configuration(props: ChatApiProps): ChatApiConfiguration {
    const rooms = Object.fromEntries(sorted(props.rooms).map(([key, room]) => [key, CfnRoom.arnForRoom(room)]));
    const configuration: ChatApiConfiguration = {
      rooms,
      table: this.banList.tableName,
      roles: Object.fromEntries(sorted(rolesOf(props)).map(([name, role]) => [name, rightsOf(role)])),
      defaultRole: props.defaultRole ?? DEFAULT_ROLE,
      claims: {
        userId: props.claims?.userId ?? 'sub',
        displayName: props.claims?.displayName ?? 'name',
        role: props.claims?.role ?? 'cognito:groups',
      },
      sessionDurationInMinutes: props.sessionDuration?.toMinutes() ?? 60,
      requiredTerms: props.requiredTerms ?? undefined,
      policy: props.policy
        ? { contact: props.policy.contact, termsUrl: props.policy.termsUrl ?? undefined } : undefined,
    };
    const arn = 'x'.repeat(ROOM_ARN_LENGTH);
    const placeholders = Object.fromEntries(Object.keys(rooms).map((key) => [key, arn]));
    const bytes = Buffer.byteLength(JSON.stringify({ ...configuration, rooms: placeholders }));
    if (bytes > MAXIMUM_CONFIGURATION_BYTES) {
      throw new Error(`\`rooms\`, \`roles\` and \`policy\` must be at most ${MAXIMUM_CONFIGURATION_BYTES} bytes as JSON`
        + ` together, got ${bytes}; shorten the keys, or use two chat APIs with the same \`banList\``
        + ` (at ${this.node.path})`);
    }
    return configuration;
  }

  private newFunction(
    name: 'Token' | 'Moderation', configuration: ChatApiConfiguration, timeout: Duration, props: ChatApiProps,
  ): lambda.Function {
    const scope = new Construct(this, name);
    const role = new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = newLogGroup(scope, 'LogGroup', props);
    logGroup.grantWrite(role);
    const fn = new lambda.Function(scope, 'Function', {
      description: `The ${name.toLowerCase()} function of a chat API (cdk-ivs-chat)`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      timeout,
      tracing: props.tracing ?? undefined, // null would add the permissions for tracing.
      code: new PackagedCode(`chat-api-${name.toLowerCase()}`),
      handler: 'index.handler',
      environment: { [CHAT_API_CONFIGURATION]: Stack.of(this).toJsonString(configuration) },
      role,
      logGroup,
    });
    suppressNagRule(fn, 'Serverless-LambdaDLQ', 'API Gateway invokes the function synchronously and reports each'
      + ' failure to the client');
    if (!props.tracing || props.tracing === lambda.Tracing.DISABLED) {
      suppressNagRule(fn, 'Serverless-LambdaTracing', 'The property `tracing` turns tracing on. It requires permissions'
        + ' on all resources');
    }
    return fn;
  }

  private grant(functions: Record<ChatApiFunction, lambda.Function>, rooms: IRoomRef[]): void {
    const { token, moderation } = functions;
    for (const room of rooms) {
      const grants = ChatRoomGrants.fromRoom(room);
      grants.createChatToken(token);
      grants.moderate(moderation);
    }
    this.banList.grant(token, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.banList.grantRead(moderation);
    this.banList.grantWrite(moderation);
    // The function depends on the default policy of its role, so this statement is in a policy of its own.
    new iam.Policy(moderation.node.scope!, 'InvokePolicy', {
      roles: [moderation.role!],
      statements: [
        new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [moderation.functionArn] }),
      ],
    });
  }

  private addRoutes(functions: Record<ChatApiFunction, lambda.Function>, allowGuests: boolean): void {
    const integrations = {
      token: new HttpLambdaIntegration('Token', functions.token, { scopePermissionToRoute: false }),
      moderation: new HttpLambdaIntegration('Moderation', functions.moderation, { scopePermissionToRoute: false }),
    };
    for (const [name, operation] of Object.entries<ChatApiOperation>(CHAT_API_OPERATIONS)) {
      if (operation.isPublic && !allowGuests) continue;
      const [route] = this.httpApi.addRoutes({
        path: chatApiPath(name),
        methods: [operation.method === 'GET' ? apigateway.HttpMethod.GET : apigateway.HttpMethod.POST],
        integration: integrations[operation.function],
        authorizer: operation.isPublic ? new apigateway.HttpNoneAuthorizer() : undefined,
      });
      if (!operation.isPublic) continue;
      suppressNagRule(route!, 'AwsSolutions-APIG4', 'The application lets visitors without a sign-in read the chat.'
        + ' Their tokens have no capabilities, and the route is throttled');
    }
    if (!allowGuests) return;

    Validations.of(this).addWarning('cdk-ivs-chat:guests', 'visitors without a sign-in can read the chat, and a ban has'
      + ' no effect on them; acknowledge this warning, or remove `allowGuests`');
  }

  private configureStage(props: ChatApiProps): void {
    const accessLog = newLogGroup(this, 'AccessLog', props);
    const stage = this.httpApi.defaultStage!.node.defaultChild as apigateway.CfnStage;
    stage.defaultRouteSettings = {
      throttlingRateLimit: props.throttle?.rateLimit ?? DEFAULT_THROTTLE.rateLimit,
      throttlingBurstLimit: props.throttle?.burstLimit ?? DEFAULT_THROTTLE.burstLimit,
    };
    stage.accessLogSettings = {
      destinationArn: accessLog.logGroupArn,
      // The log contains no token, no user ID and no body.
      format: JSON.stringify({
        time: '$context.requestTime',
        requestId: '$context.requestId',
        sourceIp: '$context.identity.sourceIp',
        routeKey: '$context.routeKey',
        status: '$context.status',
        responseLatency: '$context.responseLatency',
        authorizerError: '$context.authorizer.error',
        integrationError: '$context.integrationErrorMessage',
      }),
    };
    if (!props.allowGuests) return;

    const path = chatApiPath('CreateGuestChatToken');
    stage.routeSettings = { [`POST ${path}`]: GUEST_THROTTLE };
    // API Gateway refuses settings of a route that does not exist.
    stage.node.addDependency(this.httpApi.node.findChild(`POST${path}`));
  }

  private validateRooms(rooms: { [key: string]: IRoomRef }): void {
    const at = `(at ${this.node.path})`;
    validateArgument('rooms', rooms, CHAT_API_PROPERTIES.rooms, this);
    const count = Object.keys(rooms).length;
    if (count < 1 || count > MAXIMUM_ROOMS) {
      throw new Error(`\`rooms\` must have between 1 and ${MAXIMUM_ROOMS} rooms, got ${count} ${at}`);
    }
    for (const [key, room] of Object.entries(rooms)) {
      validate(this, { 'key of `rooms`': RoomKey }, { 'key of `rooms`': key });
      validateArgument(`rooms.${key}`, room, ROOM, this);
    }
  }

  private validateClaims(claims: ChatClaims | undefined): void {
    if (claims) validateProperties('claims', claims, CHAT_CLAIMS, [], this);
    for (const name of ['userId', 'role'] as const) {
      const claim = claims?.[name];
      if (claim !== undefined && USER_CLAIMS.includes(claim)) {
        throw new Error(`\`claims.${name}\` must be a claim that users cannot change, got ${described(claim)};`
          + ` use ${name === 'role' ? '`cognito:groups`' : '`sub`'} or a claim of your identity provider`
          + ` (at ${this.node.path})`);
      }
      if (claim?.startsWith('custom:')) {
        Validations.of(this).addWarning('cdk-ivs-chat:customClaim', `\`claims.${name}\` is ${described(claim)}, and`
          + ' users of a user pool can change custom attributes unless the app client denies it; remove the attribute'
          + ' from the writable attributes of the app client, and acknowledge this warning');
      }
    }
  }

  private validateRoles(props: ChatApiProps): void {
    const roles = rolesOf(props);
    for (const [name, role] of Object.entries(roles)) {
      validate(this, { 'name in `roles`': ROLE_NAME }, { 'name in `roles`': name });
      validateArgument(`roles.${name}`, role, CHAT_ROLE, this);
    }
    if (props.defaultRole && !Object.keys(roles).includes(props.defaultRole)) {
      throw new Error(`\`defaultRole\` must be one of the names in \`roles\` (${Object.keys(roles).join(', ')}),`
        + ` got ${described(props.defaultRole)} (at ${this.node.path})`);
    }
  }

  private validateOrigins(origins: readonly string[]): void {
    origins.forEach((origin, index) => {
      if (Token.isUnresolved(origin) || isOrigin(origin)) return;
      throw new Error(`\`allowOrigins[${index}]\` must be an origin such as "https://example.com", without a path and`
        + ` without wildcards, got ${described(origin)} (at ${this.node.path})`);
    });
  }

  /** A cached decision of a Lambda authorizer applies to all routes, unless the key of the cache names the route. */
  private warnAboutCachedAuthorization(): string[] {
    const authorizers = this.httpApi.node.findAll().filter(isAuthorizer);
    for (const authorizer of authorizers) {
      const { authorizerType, authorizerResultTtlInSeconds, identitySource } = authorizer;
      const isCached = authorizerType === 'REQUEST' && authorizerResultTtlInSeconds !== 0;
      if (!isCached || identitySource?.includes('$context.routeKey')) continue;
      Validations.of(this).addWarning('cdk-ivs-chat:cachedAuthorization', 'the Lambda authorizer decides once for all'
        + ' routes, because API Gateway caches its decision; add `$context.routeKey` to its `identitySource`, set'
        + ' `resultsCacheTtl` to zero, or acknowledge this warning if it does not decide by route');
    }
    return [];
  }
}

/** Returns the entries of a map in the order of its keys, because the maps of some languages have no order. */
function sorted<Value>(map: { readonly [key: string]: Value }): [string, Value][] {
  return Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1));
}

function newLogGroup(scope: Construct, id: string, { logRetention, logEncryptionKey }: ChatApiProps): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
    encryptionKey: logEncryptionKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** Returns the roles by name, with the default role. */
function rolesOf({ roles, defaultRole }: ChatApiProps): { [name: string]: ChatRole } {
  if (!roles) return { viewer: ChatRole.VIEWER, moderator: ChatRole.MODERATOR, host: ChatRole.HOST };
  return defaultRole ? roles : { [DEFAULT_ROLE]: ChatRole.VIEWER, ...roles };
}

/** Returns the rights of a role. The name of a standard role is shorter than its rights. */
function rightsOf({ capabilities, operations }: ChatRole): StandardRole | RoleRights {
  const standard = Object.entries(STANDARD_ROLES).find(([, rights]) =>
    String(rights.capabilities) === String(capabilities) && String(rights.operations) === String(operations));
  return (standard?.[0] ?? { capabilities, operations }) as StandardRole | RoleRights;
}

function isOrigin(origin: string): boolean {
  try {
    const url = new URL(origin);
    return ['http:', 'https:'].includes(url.protocol) && url.origin === origin && !origin.includes('*');
  } catch {
    return false;
  }
}

function isAuthorizer(construct: IConstruct): construct is apigateway.CfnAuthorizer {
  return CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === apigateway.CfnAuthorizer.CFN_RESOURCE_TYPE_NAME;
}
