import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ALL_RULES_LINTER } from 'awslint/lib/index.js';

/** The rules for CDK's own construct libraries, on the assembly that jsii compiled. */
test('the constructs keep CDK\'s rules', async () => {
  // awslint's own copy; its CLI does not run outside of CDK's repository
  const { TypeSystem } = createRequire(require.resolve('awslint/lib/index.js'))('jsii-reflect');
  const assembly = await new TypeSystem().load(join(__dirname, '..', '..'), {
    validate: false, supportedFeatures: ['intersection-types', 'class-covariant-overrides'],
  });
  const findings = ALL_RULES_LINTER.eval(assembly, {});
  // People type `room.grant...`; these methods are one line each, and lead to the grants class that the rule wants.
  expect(findings.map(({ rule, scope }) => `${rule.code} ${scope}`)).toEqual([
    'no-grants cdk-ivs-chat.ChatRoom.grantCreateChatToken',
    'no-grants cdk-ivs-chat.ChatRoom.grantModerate',
    'no-grants cdk-ivs-chat.ChatRoom.grantRead',
    'no-grants cdk-ivs-chat.ChatRoom.grantSendEvent',
    'no-grants cdk-ivs-chat.LoggingConfiguration.grantRead',
  ]);
});
