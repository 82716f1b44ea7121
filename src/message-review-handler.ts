import { Stack, Validations } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IDependable } from 'constructs';
import { FallbackResult } from './fallback-result';
import { metric } from './private/metric';
import { mustBeWhere } from './private/region';

/**
 * How a Lambda function reviews messages.
 */
export interface LambdaMessageReviewHandlerOptions {
  /**
   * What becomes of a message when the function fails or does not answer properly within 200 ms.
   *
   * The service's own default is to deliver the message unreviewed. Here that has to be asked for.
   *
   * @default FallbackResult.DENY
   */
  readonly fallbackResult?: FallbackResult;
}

/**
 * What a room gets to know of its message review handler.
 */
export interface MessageReviewHandlerConfig {
  /** The ARN of the Lambda function, or of its alias or version: at most 170 characters. */
  readonly uri: string;

  /**
   * What becomes of a message that the handler did not answer for.
   *
   * @default FallbackResult.DENY
   */
  readonly fallbackResult?: FallbackResult;

  /**
   * What has to be there before the room, such as the permission to invoke the function.
   *
   * @default - nothing
   */
  readonly dependable?: IDependable;
}

/**
 * Reviews each message before it is delivered: lets it pass, changes or refuses it.
 *
 * The service waits 200 ms for the answer, which a cold start takes longer than: give the function provisioned concurrency,
 * little code and no VPC.
 *
 * A function that is itself granted something on the room it reviews makes a circle of dependencies, because the room
 * needs the function's permission first. Grant it on all rooms then, through `resourceArns` of `grants.actions`.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-message-review-handler.html
 *
 * @example
 * declare const review: lambda.Function;
 * new ChatRoom(this, 'Room', {
 *   messageReviewHandler: MessageReviewHandler.lambdaFunction(review.addAlias('live', { provisionedConcurrentExecutions: 2 }), {
 *     fallbackResult: FallbackResult.DENY,
 *   }),
 * });
 */
export abstract class MessageReviewHandler {
  /**
   * Reviews with a Lambda function of the room's account and Region, or with one of its aliases or versions.
   *
   * Rooms of the account may invoke the function: the service checks that before there is a room to name.
   */
  public static lambdaFunction(handler: lambda.IFunction, options: LambdaMessageReviewHandlerOptions = {}): MessageReviewHandler {
    return new LambdaMessageReviewHandler(handler, options.fallbackResult ?? FallbackResult.DENY);
  }

  /** The ARN of what reviews. */
  public abstract readonly uri: string;

  /**
   * Called by the room that is given the handler.
   *
   * @param room the room, before it has an ARN
   */
  public abstract bind(room: IResource): MessageReviewHandlerConfig;

  /**
   * A metric of this handler, over all rooms that use it.
   *
   * @default - sum over 5 minutes
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return metric(metricName, 'Sum', options, { Uri: this.uri });
  }

  /**
   * How often the handler was missing, took longer than 200 ms, or could not be invoked.
   *
   * @default - sum over 5 minutes
   */
  public metricInvocationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationErrors', options);
  }

  /**
   * How often the handler's answer was invalid.
   *
   * @default - sum over 5 minutes
   */
  public metricResponseValidationErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ResponseValidationErrors', options);
  }
}

/** Lambda's own default: whoever asks for more expects the function to work longer than the service waits. */
const ORDINARY_TIMEOUT_IN_SECONDS = 3;

class LambdaMessageReviewHandler extends MessageReviewHandler {
  public readonly uri: string;

  constructor(private readonly handler: lambda.IFunction, private readonly fallbackResult: FallbackResult) {
    super();
    this.uri = handler.functionArn;
  }

  public bind(room: IResource): MessageReviewHandlerConfig {
    mustBeWhere(room, 'the function of `messageReviewHandler`', this.handler);
    this.warnOfSlowness(room);
    return { uri: this.uri, fallbackResult: this.fallbackResult, dependable: this.permission(room) };
  }

  /** On the very alias or version that is invoked; one for all rooms. */
  private permission(room: IResource): IDependable | undefined {
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
      Validations.of(room).addWarning('cdk-ivs-chat:messageReviewPermission', `the function of \`messageReviewHandler\` (${this.handler.node.path})`
        + ' is imported and its resource policy can\'t be changed from here; allow ivschat.amazonaws.com to invoke it from the rooms of its account,'
        + ' or import it with `sameEnvironment: true`');
    }
    return permission;
  }

  private warnOfSlowness(room: IResource): void {
    const warn = (id: string, message: string) => Validations.of(room).addWarning(`cdk-ivs-chat:${id}`, message);
    if (this.handler.isBoundToVpc) {
      warn('messageReviewInVpc', 'Amazon IVS Chat waits 200 ms for the review of a message, which a function in a VPC often misses;'
        + ' take it out of the VPC');
    }
    const reviewer: Partial<lambda.Function> = (this.handler as Partial<lambda.Alias>).lambda ?? this.handler; // what an alias or a version names
    const { provisionedConcurrencyConfig } = (this.handler.node.defaultChild ?? {}) as Partial<lambda.CfnAlias>;
    const seconds = reviewer.timeout?.toSeconds() ?? 0;
    if (seconds > ORDINARY_TIMEOUT_IN_SECONDS && provisionedConcurrencyConfig === undefined) {
      warn('messageReviewTimeout', `Amazon IVS Chat waits 200 ms for the review of a message, but the function may take ${seconds} seconds`
        + ' and nothing is provisioned; shorten the timeout, and use an alias with `provisionedConcurrentExecutions`');
    }
  }
}
