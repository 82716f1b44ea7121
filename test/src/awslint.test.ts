import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ALL_RULES_LINTER } from 'awslint/lib/index.js';

/** Checks the jsii assembly with the rules of the construct libraries of the CDK. */
test('awslint reports only the listed findings', async () => {
  // The CLI of awslint does not run outside of the CDK repository, so the test uses its copy of jsii-reflect.
  const { TypeSystem } = createRequire(require.resolve('awslint/lib/index.js'))('jsii-reflect');
  const assembly = await new TypeSystem().load(join(__dirname, '..', '..'), {
    validate: false, supportedFeatures: ['intersection-types', 'class-covariant-overrides'],
  });
  const findings = ALL_RULES_LINTER.eval(assembly, {});
  // The grant methods of rooms are a shorthand for the grants class that the rule requires. A ban list needs no class.
  // A ban list is more than a reference to a table, and its names are those of the table. The rule about the authorizer
  // is about a struct of the CDK.
  expect(findings.map(({ rule, scope }) => `${rule.code} ${scope}`)).toEqual([
    'prefer-ref-interface aws-cdk-lib.aws_apigatewayv2.HttpRouteAuthorizerBindOptions.route',
    'prefer-ref-interface cdk-ivs-chat.ChatApiProps.banList',
    'from-method cdk-ivs-chat.BanList',
    'no-grants cdk-ivs-chat.BanList.grant',
    'no-grants cdk-ivs-chat.BanList.grantRead',
    'no-grants cdk-ivs-chat.BanList.grantWrite',
    'no-grants cdk-ivs-chat.ChatRoom.grantCreateChatToken',
    'no-grants cdk-ivs-chat.ChatRoom.grantModerate',
    'no-grants cdk-ivs-chat.ChatRoom.grantRead',
    'no-grants cdk-ivs-chat.ChatRoom.grantSendEvent',
    'no-grants cdk-ivs-chat.LoggingConfiguration.grantRead',
  ]);
});
