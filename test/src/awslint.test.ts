import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ALL_RULES_LINTER } from 'awslint/lib/index.js';

/** Checks the jsii assembly with the rules of the construct libraries of the CDK. */
test('awslint reports only the grant methods', async () => {
  // The CLI of awslint does not run outside of the CDK repository, so the test uses its copy of jsii-reflect.
  const { TypeSystem } = createRequire(require.resolve('awslint/lib/index.js'))('jsii-reflect');
  const assembly = await new TypeSystem().load(join(__dirname, '..', '..'), {
    validate: false, supportedFeatures: ['intersection-types', 'class-covariant-overrides'],
  });
  const findings = ALL_RULES_LINTER.eval(assembly, {});
  // The grant methods are a shorthand for the grants class that the rule requires.
  expect(findings.map(({ rule, scope }) => `${rule.code} ${scope}`)).toEqual([
    'no-grants cdk-ivs-chat.ChatRoom.grantCreateChatToken',
    'no-grants cdk-ivs-chat.ChatRoom.grantModerate',
    'no-grants cdk-ivs-chat.ChatRoom.grantRead',
    'no-grants cdk-ivs-chat.ChatRoom.grantSendEvent',
    'no-grants cdk-ivs-chat.LoggingConfiguration.grantRead',
  ]);
});
