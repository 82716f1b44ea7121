import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BanList, ChatApi, ChatRoom, LoggingConfiguration, LoggingDestination, MessageReviewHandler,
} from 'cdk-ivs-chat';
import type { Construct } from 'constructs';

/**
 * A moderated chat with logs. A mute has an effect at once, because the review function reads the ban list. All
 * messages and deletions are kept in a bucket for a month, and are searchable in a log group for a week.
 */
export class ModeratedChatStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const banList = new BanList(this, 'BanList');
    const review = new NodejsFunction(this, 'Review', {
      entry: join(__dirname, 'review-function', 'index.ts'),
      runtime: lambda.Runtime.NODEJS_24_X,
      bundling: { mainFields: ['module', 'main'] },
      environment: { BAN_LIST: banList.tableName },
    });
    banList.grantRead(review);
    // Amazon IVS Chat waits 200 ms for a review, and a cold start takes longer.
    const warmReview = review.addAlias('live', { provisionedConcurrentExecutions: 1 });

    const archive = new s3.Bucket(this, 'Archive', {
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(30) }],
    });
    const search = new logs.LogGroup(this, 'Search', {
      retention: logs.RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const loggingConfigurations = [
      new LoggingConfiguration(this, 'ArchiveLogging', { destination: LoggingDestination.s3(archive) }),
      new LoggingConfiguration(this, 'SearchLogging', { destination: LoggingDestination.cloudWatchLogs(search) }),
    ];

    const messageReviewHandler = MessageReviewHandler.lambdaFunction(warmReview);
    const room = new ChatRoom(this, 'Room', { messageReviewHandler, loggingConfigurations });

    const users = new cognito.UserPool(this, 'Users', { selfSignUpEnabled: true });
    users.addGroup('Moderators', { groupName: 'moderator' });
    const chat = new ChatApi(this, 'Chat', {
      rooms: { lobby: room },
      banList,
      authorizer: new HttpUserPoolAuthorizer('Users', users, { userPoolClients: [users.addClient('Page')] }),
    });

    // Both alarms mean that messages are refused or that records are lost.
    messageReviewHandler.metricInvocationErrors().createAlarm(this, 'ReviewErrors', {
      threshold: 1,
      evaluationPeriods: 1,
    });
    loggingConfigurations.forEach((logging, index) => logging.metricLogDestinationErrors().createAlarm(
      this, `LogErrors${index}`, { threshold: 1, evaluationPeriods: 1 },
    ));

    new CfnOutput(this, 'ChatUrl', { value: chat.url });
    new CfnOutput(this, 'UserPoolId', { value: users.userPoolId });
    new CfnOutput(this, 'ArchiveName', { value: archive.bucketName });
    new CfnOutput(this, 'SearchName', { value: search.logGroupName });
  }
}
