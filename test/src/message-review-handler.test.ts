import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ChatRoom, FallbackResult, MessageReviewHandler, type MessageReviewHandlerConfig } from '../../src';
import { newStack, onlyResource, roomProperties, warningsOf } from './stack';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:review';

function newFunction(stack: Stack, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(stack, 'Review', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('-'), ...props,
  });
}

const permission = (functionName: unknown) => ({
  Action: 'lambda:InvokeFunction',
  FunctionName: functionName,
  Principal: 'ivschat.amazonaws.com',
  SourceAccount: { Ref: 'AWS::AccountId' },
  SourceArn: {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':ivschat:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        ':room/*',
      ],
    ],
  },
});

test('a Lambda function reviews messages, and the fallback result is DENY by default', () => {
  const stack = newStack();
  const handler = MessageReviewHandler.lambdaFunction(newFunction(stack));
  const room = new ChatRoom(stack, 'Lobby', { messageReviewHandler: handler });
  expect(room.messageReviewHandler).toBe(handler);
  expect(roomProperties(stack)).toEqual({
    MessageReviewHandler: { Uri: { 'Fn::GetAtt': [expect.stringMatching(/^Review/), 'Arn'] }, FallbackResult: 'DENY' },
  });
  expect(onlyResource(stack, 'AWS::Lambda::Permission').Properties)
    .toEqual(permission({ 'Fn::GetAtt': [expect.stringMatching(/^Review/), 'Arn'] }));
});

test('the fallback result can be ALLOW', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby', {
    messageReviewHandler: MessageReviewHandler.lambdaFunction(
      newFunction(stack), { fallbackResult: FallbackResult.ALLOW },
    ),
  });
  expect(roomProperties(stack).MessageReviewHandler).toMatchObject({ FallbackResult: 'ALLOW' });
});

test.each<[string, (reviewer: lambda.Function) => lambda.IFunction, string]>([
  ['an alias', (reviewer) => reviewer.addAlias('live'), 'ReviewAliaslive'],
  ['a version', (reviewer) => reviewer.currentVersion, 'ReviewCurrentVersion'],
])('the permission applies to %s if it is the handler', (_, qualifier, logicalId) => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby', {
    messageReviewHandler: MessageReviewHandler.lambdaFunction(qualifier(newFunction(stack))),
  });
  const reference = { Ref: expect.stringMatching(`^${logicalId}`) };
  expect(onlyResource(stack, 'AWS::Lambda::Permission').Properties).toEqual(permission(reference));
  expect(roomProperties(stack).MessageReviewHandler.Uri).toEqual(reference);
});

test('the room depends on the permission', () => {
  const stack = newStack();
  new ChatRoom(stack, 'Lobby', { messageReviewHandler: MessageReviewHandler.lambdaFunction(newFunction(stack)) });
  expect(onlyResource(stack, 'Custom::IVSChatRoom').DependsOn)
    .toContainEqual(expect.stringMatching(/^ReviewIvsChatMessageReview/));
});

test('rooms that share a function share the permission', () => {
  const stack = newStack();
  const reviewer = newFunction(stack);
  new ChatRoom(stack, 'Lobby', { messageReviewHandler: MessageReviewHandler.lambdaFunction(reviewer) });
  const handler = MessageReviewHandler.lambdaFunction(reviewer);
  new ChatRoom(stack, 'Stage', { messageReviewHandler: handler });
  new ChatRoom(stack, 'Backstage', { messageReviewHandler: handler });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Permission', 1);
});

test('the function can be in another stack, which is deployed first', () => {
  const app = new App();
  const functions = new Stack(app, 'Functions');
  const rooms = new Stack(app, 'Rooms');
  new ChatRoom(rooms, 'Lobby', { messageReviewHandler: MessageReviewHandler.lambdaFunction(newFunction(functions)) });
  Template.fromStack(functions).resourceCountIs('AWS::Lambda::Permission', 1);
  expect(rooms.dependencies.map(({ node }) => node.path)).toEqual(['Functions']);
});

test('the permission names the Region of the function and of the room, and not of the stack of the room', () => {
  const app = new App();
  const [functions, rooms] = ['eu-west-1', 'us-east-1'].map((region) =>
    new Stack(app, region, { env: { account: '123456789012', region } })) as [Stack, Stack];
  const messageReviewHandler = MessageReviewHandler.lambdaFunction(newFunction(functions, { functionName: 'review' }));
  new ChatRoom(rooms, 'Lobby', { region: 'eu-west-1', messageReviewHandler });
  const { SourceArn, SourceAccount } = onlyResource(functions, 'AWS::Lambda::Permission').Properties;
  expect([SourceArn['Fn::Join'][1].at(-1), SourceAccount])
    .toEqual([':ivschat:eu-west-1:123456789012:room/*', '123456789012']);
});

describe('an imported function', () => {
  const env = { account: '123456789012', region: 'eu-west-1' };

  test('has the permission if it is in the environment of the stack', () => {
    const stack = newStack({ env });
    new ChatRoom(stack, 'Lobby', {
      messageReviewHandler: MessageReviewHandler.lambdaFunction(lambda.Function.fromFunctionArn(stack, 'Review', ARN)),
    });
    expect(onlyResource(stack, 'AWS::Lambda::Permission').Properties)
      .toMatchObject({ FunctionName: ARN, SourceAccount: '123456789012' });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('adds a warning if its policy cannot be changed', () => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', {
      messageReviewHandler: MessageReviewHandler.lambdaFunction(lambda.Function.fromFunctionArn(stack, 'Review', ARN)),
    });
    expect(roomProperties(stack).MessageReviewHandler.Uri).toBe(ARN);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Permission', 0);
    const message = 'cannot change the resource policy of the imported function Stack/Review of `messageReviewHandler`';
    expect(warningsOf(stack)).toContainEqual(expect.stringMatching(
      new RegExp(`^${message}; .* \\[ack: cdk-ivs-chat:messageReviewPermission\\]$`),
    ));

    const room = stack.node.findChild('Lobby');
    Validations.of(room).acknowledge({ id: 'cdk-ivs-chat:messageReviewPermission', reason: 'the policy allows it' });
    expect(warningsOf(stack).filter((warning) => warning.includes('cdk-ivs-chat'))).toEqual([]);
  });

  test.each([
    [
      'Region',
      { account: '123456789012', region: 'us-east-1' },
      'must be in the same Region as Stack/Lobby (us-east-1), got eu-west-1',
    ],
    [
      'account',
      { account: '999999999999', region: 'eu-west-1' },
      'must be in the same account as Stack/Lobby (999999999999), got 123456789012',
    ],
  ])('fails in another %s', (_, other, message) => {
    const stack = newStack({ env: other });
    const handler = MessageReviewHandler.lambdaFunction(lambda.Function.fromFunctionArn(stack, 'Review', ARN));
    expect(() => new ChatRoom(stack, 'Lobby', { messageReviewHandler: handler }))
      .toThrow(`the function of \`messageReviewHandler\` ${message}`);
  });

  test('can be in the Region of a room in another Region than the stack', () => {
    const stack = newStack({ env: { account: '123456789012', region: 'us-east-1' } });
    const handler = MessageReviewHandler.lambdaFunction(lambda.Function.fromFunctionArn(stack, 'Review', ARN));
    new ChatRoom(stack, 'Lobby', { region: 'eu-west-1', messageReviewHandler: handler });
    expect(roomProperties(stack))
      .toEqual({ Region: 'eu-west-1', MessageReviewHandler: { Uri: ARN, FallbackResult: 'DENY' } });
  });

  test('fails with an ARN that is too long', () => {
    const stack = newStack();
    const handler = MessageReviewHandler.lambdaFunction(
      lambda.Function.fromFunctionArn(stack, 'Review', `${ARN}${'x'.repeat(150)}`),
    );
    expect(() => new ChatRoom(stack, 'Lobby', { messageReviewHandler: handler }))
      .toThrow('`messageReviewHandler.uri` must be at most 170 characters, got 203');
  });
});

describe('a warning', () => {
  const warnings = (make: (stack: Stack) => lambda.IFunction) => {
    const stack = newStack();
    new ChatRoom(stack, 'Lobby', { messageReviewHandler: MessageReviewHandler.lambdaFunction(make(stack)) });
    return warningsOf(stack).map((warning) => /\[ack: (.*)\]$/.exec(warning)?.[1]);
  };

  test('is added for a function in a VPC', () => {
    expect(warnings((stack) => newFunction(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) })))
      .toContain('cdk-ivs-chat:messageReviewInVpc');
    expect(warnings((stack) => newFunction(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) }).addAlias('live')))
      .toContain('cdk-ivs-chat:messageReviewInVpc');
  });

  test('is added for a long timeout without provisioned concurrency', () => {
    const timeout = Duration.seconds(10);
    expect(warnings((stack) => newFunction(stack, { timeout }))).toEqual(['cdk-ivs-chat:messageReviewTimeout']);
    expect(warnings((stack) => newFunction(stack, { timeout }).addAlias('live')))
      .toEqual(['cdk-ivs-chat:messageReviewTimeout']);
    expect(warnings((stack) => newFunction(stack, { timeout: Duration.seconds(4) }).currentVersion))
      .toEqual(['cdk-ivs-chat:messageReviewTimeout']);
    expect(
      warnings((stack) => newFunction(stack, { timeout }).addAlias('live', { provisionedConcurrentExecutions: 1 })),
    ).toEqual([]);
  });

  test('can be acknowledged by its ID', () => {
    const stack = newStack();
    const messageReviewHandler = MessageReviewHandler.lambdaFunction(
      newFunction(stack, { timeout: Duration.seconds(10) }),
    );
    const room = new ChatRoom(stack, 'Lobby', { messageReviewHandler });
    Validations.of(room).acknowledge({ id: 'cdk-ivs-chat:messageReviewTimeout', reason: 'the function is kept warm' });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('is not added for a function with the default timeout', () => {
    expect(warnings((stack) => newFunction(stack))).toEqual([]);
    expect(warnings((stack) => newFunction(stack, { timeout: Duration.seconds(3) }))).toEqual([]);
  });
});

test('a custom handler is bound to the room', () => {
  class Own extends MessageReviewHandler {
    public readonly uri = ARN;
    public bind(scope: Construct): MessageReviewHandlerConfig {
      expect(scope.node.id).toBe('Lobby');
      return { uri: `${this.uri}:live` };
    }
  }
  const stack = newStack();
  new ChatRoom(stack, 'Lobby', { messageReviewHandler: new Own() });
  expect(roomProperties(stack)).toEqual({ MessageReviewHandler: { Uri: `${ARN}:live`, FallbackResult: 'DENY' } });
  const metric = new Own().metricResponseValidationErrors({ statistic: 'Average' });
  expect(metric).toMatchObject({ statistic: 'Average', dimensions: { Uri: ARN } });
  expect([metric.region, metric.account]).toEqual([undefined, undefined]);
  expect(onlyResource(stack, 'Custom::IVSChatRoom').DependsOn).toBeUndefined();
});

test('the metrics have the dimension and the environment of the handler', () => {
  const stack = newStack({ env: { account: '123456789012', region: 'us-east-1' } });
  const handler = MessageReviewHandler.lambdaFunction(lambda.Function.fromFunctionArn(stack, 'Review', ARN));
  for (const [metric, metricName] of [
    [handler.metricInvocationErrors(), 'InvocationErrors'],
    [handler.metricResponseValidationErrors(), 'ResponseValidationErrors'],
    [handler.metric('InvocationErrors'), 'InvocationErrors'],
  ] as const) {
    expect(metric).toMatchObject({
      namespace: 'AWS/IVSChat',
      metricName,
      statistic: 'Sum',
      dimensions: { Uri: ARN },
      region: 'eu-west-1',
      account: '123456789012',
    });
  }

  const options = { statistic: 'Maximum', region: 'us-west-2' };
  for (const metric of [
    handler.metric('InvocationErrors', options),
    handler.metricInvocationErrors(options),
    handler.metricResponseValidationErrors(options),
  ]) expect(metric).toMatchObject(options);

  const alarms = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
  handler.metricInvocationErrors().createAlarm(alarms, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  Template.fromStack(alarms).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Dimensions: [{ Name: 'Uri', Value: ARN }],
    MetricName: 'InvocationErrors',
  });
});

test('an alarm on a handler in the same stack has no Region and no account', () => {
  const stack = newStack();
  const handler = MessageReviewHandler.lambdaFunction(newFunction(stack));
  handler.metricInvocationErrors().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  const { Properties } = onlyResource(stack, 'AWS::CloudWatch::Alarm');
  expect(Properties).toMatchObject({ MetricName: 'InvocationErrors', Dimensions: [{ Name: 'Uri' }] });
  expect(Properties.Metrics).toBeUndefined();
});
