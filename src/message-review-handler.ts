import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IDependable } from 'constructs';
import { validateSameEnvironment } from './private/environment';
import { LAMBDA_FUNCTION, OBJECT } from './private/expectations';
import { metric } from './private/metric';
import { HANDLER_OPTIONS } from './private/properties';
import { validateArgument, validateProperties } from './private/validate';

/**
 * The action to take on a message when the message review handler fails, times out after 200 ms, returns an invalid
 * response or cannot be invoked.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatAPIReference/API_MessageReviewHandler.html
 */
export enum FallbackResult {
  /** Deliver the message without a review. */
  ALLOW = 'ALLOW',

  /** Reject the message. */
  DENY = 'DENY',
}

/**
 * Options for a Lambda function that reviews messages.
 */
export interface LambdaMessageReviewHandlerOptions {
  /**
   * The action to take on a message when the function fails, times out after 200 ms or returns an invalid response.
   *
   * The default of the service is to deliver the message without a review. This library rejects the message by default.
   *
   * @default FallbackResult.DENY
   */
  readonly fallbackResult?: FallbackResult;
}

/**
 * The message review handler of a room, returned by `bind`.
 */
export interface MessageReviewHandlerConfig {
  /** The ARN of the Lambda function, alias or version. The maximum length is 170 characters. */
  readonly uri: string;

  /**
   * The action to take on a message when the handler fails, times out after 200 ms or returns an invalid response.
   *
   * @default FallbackResult.DENY
   */
  readonly fallbackResult?: FallbackResult;

  /**
   * A dependency of the room, such as the permission to invoke the function.
   *
   * @default - no dependency
   */
  readonly dependable?: IDependable;

  /**
   * The principal of the handler, if it is a role. Grants on the room to this principal are in a policy of their own.
   * In the default policy of the role, they would result in a circular dependency.
   *
   * @default - grants to the handler are in the default policy of its role
   */
  readonly grantPrincipal?: iam.IPrincipal;
}

/**
 * A handler that reviews each message before the room delivers it. The handler can allow, change or deny the message.
 *
 * The service waits 200 ms for the response. A cold start takes longer, so use provisioned concurrency, a small bundle
 * and no VPC.
 *
 * The function can get permissions on its room, for example to disconnect a spammer: use a grant of the room, such as
 * `room.grants.disconnectUser(fn)`. The grant names only this room. It is in its own policy, because the room depends
 * on the function, and the function depends on the default policy of its role. CloudFormation creates the policy after
 * the room. For the ARN of the room, use `RoomArn` of the event. The ARN cannot be in the environment of the function.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-message-review-handler.html
 *
 * @example
 * declare const review: lambda.Function;
 * const alias = review.addAlias('live', { provisionedConcurrentExecutions: 2 });
 * new ChatRoom(this, 'Room', {
 *   messageReviewHandler: MessageReviewHandler.lambdaFunction(alias, {
 *     fallbackResult: FallbackResult.DENY,
 *   }),
 * });
 */
export abstract class MessageReviewHandler {
  /**
   * Reviews messages with a Lambda function, alias or version in the account and Region of the room.
   *
   * All rooms of the account can invoke the function. The service checks the permission before the room exists, so the
   * permission cannot name the room.
   */
  public static lambdaFunction(
    handler: lambda.IFunction, options: LambdaMessageReviewHandlerOptions = {},
  ): MessageReviewHandler {
    validateArgument('handler', handler, LAMBDA_FUNCTION);
    validateProperties('options', options, HANDLER_OPTIONS, []);
    return new LambdaMessageReviewHandler(handler, options.fallbackResult ?? FallbackResult.DENY);
  }

  /** The ARN of the Lambda function, alias or version. */
  public abstract readonly uri: string;

  /**
   * Binds the handler to a room. The room calls this method.
   *
   * @param scope The room. It does not have an ARN yet.
   */
  public abstract bind(scope: Construct): MessageReviewHandlerConfig;

  /**
   * Returns a metric of this handler. The metric covers all rooms that use the handler.
   *
   * @default - sum over 5 minutes
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric(metricName, options, 'Uri', this.uri);
  }

  /**
   * Returns a metric for the number of invocations that failed because the function does not exist, timed out after
   * 200 ms or could not be invoked.
   *
   * @default - sum over 5 minutes
   */
  public metricInvocationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationErrors', options);
  }

  /**
   * Returns a metric for the number of invalid responses of the handler.
   *
   * @default - sum over 5 minutes
   */
  public metricResponseValidationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ResponseValidationErrors', options);
  }
}

/** The default timeout of Lambda. A longer timeout indicates that the function expects to work longer than 200 ms. */
const DEFAULT_TIMEOUT_IN_SECONDS = 3;

class LambdaMessageReviewHandler extends MessageReviewHandler {
  public readonly uri: string;

  constructor(private readonly handler: lambda.IFunction, private readonly fallbackResult: FallbackResult) {
    super();
    this.uri = handler.functionArn;
  }

  public bind(scope: Construct): MessageReviewHandlerConfig {
    validateSameEnvironment(scope, 'the function of `messageReviewHandler`', this.handler);
    this.warnIfSlow(scope);
    scope.node.addValidation({ validate: () => this.circularDependencies(scope) });
    return {
      uri: this.uri,
      fallbackResult: this.fallbackResult,
      dependable: this.addPermission(scope),
      grantPrincipal: this.handler.grantPrincipal,
    };
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (options) validateArgument('options', options, OBJECT);
    return super.metric(metricName, { ...this.handler.env, ...options });
  }

  /** The function. An alias and a version refer to it. */
  private get reviewer(): lambda.IFunction & Partial<lambda.Function> {
    return (this.handler as Partial<lambda.Alias>).lambda ?? this.handler;
  }

  /** Returns the references of the function to the room that CloudFormation would reject. */
  private circularDependencies(scope: Construct): string[] {
    const stack = Stack.of(scope);
    const room = scope.node.defaultChild;
    const { reviewer } = this;
    if (!CfnResource.isCfnResource(room) || Stack.of(reviewer) !== stack) return [];

    const { environment } = (reviewer.node.defaultChild ?? {}) as Partial<lambda.CfnFunction>;
    const { document } = (reviewer.role?.node.tryFindChild('DefaultPolicy') ?? {}) as Partial<iam.Policy>;
    const logicalId = JSON.stringify(stack.resolve(room.logicalId));
    const refersToRoom = (value: unknown) => {
      const json = JSON.stringify(stack.resolve(value)) ?? '';
      return json.includes(`{"Ref":${logicalId}}`) || json.includes(`{"Fn::GetAtt":[${logicalId},`);
    };
    const problem = (part: string, fix: string) => `the ${part} of the function ${reviewer.node.path} refers to`
      + ` the room, but the room depends on its review function; use ${fix}`;
    return [
      ...refersToRoom(environment) ? [problem('environment', '`RoomArn` of the event instead')] : [],
      ...refersToRoom(document)
        ? [problem('policy', 'a grant of the room instead, for example `room.grantModerate(fn)`')] : [],
    ];
  }

  /** Adds one permission to the function, alias or version that the service invokes. All rooms share it. */
  private addPermission(scope: Construct): IDependable | undefined {
    const id = 'IvsChatMessageReview';
    const find = () => this.handler.permissionsNode.tryFindChild(id);
    if (!find()) {
      const stack = Stack.of(this.handler);
      this.handler.addPermission(id, {
        principal: new iam.ServicePrincipal('ivschat.amazonaws.com'),
        action: 'lambda:InvokeFunction',
        sourceAccount: stack.account,
        sourceArn: stack.formatArn({ service: 'ivschat', resource: 'room', resourceName: '*' }),
      });
    }

    const permission = find();
    if (!permission) {
      Validations.of(scope).addWarning('cdk-ivs-chat:messageReviewPermission',
        `cannot change the resource policy of the imported function ${this.handler.node.path} of`
        + ' `messageReviewHandler`; allow ivschat.amazonaws.com to invoke the function from the rooms of the account,'
        + ' or import the function with `sameEnvironment: true`');
    }
    return permission;
  }

  private warnIfSlow(scope: Construct): void {
    const warn = (id: string, message: string) => Validations.of(scope).addWarning(`cdk-ivs-chat:${id}`, message);
    if (this.reviewer.isBoundToVpc) {
      warn('messageReviewInVpc', 'Amazon IVS Chat waits 200 ms for the review of a message, and a function in a VPC'
        + ' often takes longer; remove the function from the VPC');
    }

    const { reviewer } = this;
    const { provisionedConcurrencyConfig } = (this.handler.node.defaultChild ?? {}) as Partial<lambda.CfnAlias>;
    const seconds = reviewer.timeout?.toSeconds() ?? 0;
    if (seconds > DEFAULT_TIMEOUT_IN_SECONDS && provisionedConcurrencyConfig === undefined) {
      warn('messageReviewTimeout', 'Amazon IVS Chat waits 200 ms for the review of a message, but the timeout of the'
        + ` function is ${seconds} seconds and the function has no provisioned concurrency; shorten the timeout, and`
        + ' use an alias with `provisionedConcurrentExecutions`');
    }
  }
}
