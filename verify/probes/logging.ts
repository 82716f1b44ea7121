import { strict as assert } from 'node:assert';
import type { Kit } from '../kit';
import { asking, outcome, type Probe } from '../probe';

const group = 'Logging and review';
const ask = asking(group, 'local IVS Chat');

const isActive = (kit: Kit, identifier: string) => async () => {
  const { state } = await kit.client.getLoggingConfiguration({ identifier });
  return state === 'ACTIVE';
};

const destination = (id: string, output: string, name: string): Probe => ({
  id,
  group,
  question: `Does logging to ${name} become ACTIVE?`,
  assumes: 'promise: the stack declares everything that the log delivery service needs',
  async run(kit) {
    const identifier = await kit.output(output);
    const took = await kit.until('ACTIVE', isActive(kit, identifier))
      .catch((error: Error) => assert.fail(error.message));
    return took < 1000 ? 'ACTIVE when the deployment ended' : `ACTIVE ${took} ms after the deployment`;
  },
});

export const logging: readonly Probe[] = [
  destination('s3-active', 'S3', 'S3'),
  destination('cloudwatch-active', 'CloudWatchLogs', 'CloudWatch Logs'),
  destination('firehose-active', 'Firehose', 'Data Firehose'),
  {
    id: 'alias-accepted',
    group,
    question: 'Is a message review handler on a Lambda alias accepted?',
    assumes: 'promise: MessageReviewHandler.lambdaFunction(alias)',
    async run(kit) {
      const { messageReviewHandler } = await kit.client.getRoom({ identifier: await kit.output('Reviewed') });
      assert.equal(messageReviewHandler?.uri, await kit.output('ReviewAlias'));
      return 'the room has the ARN of the alias';
    },
  },
  ask('delete-attached', 'Which error does DeleteLoggingConfiguration give while a room uses it?',
    'ConflictException, resourceType LOGGING_CONFIGURATION, resourceId is the id of the logging configuration',
    async (kit) => {
      const destinationConfiguration = { s3: { bucketName: await kit.output('Bucket') } };
      const { arn: identifier, id } = await kit.client.createLoggingConfiguration({
        name: `${kit.run}-logs`, destinationConfiguration,
      });
      kit.loggingConfigurations.add(identifier!);
      await kit.until('ACTIVE', isActive(kit, identifier!));
      const room = await kit.createRoom({ loggingConfigurationIdentifiers: [identifier!] });
      const seen = await outcome(kit.client.deleteLoggingConfiguration({ identifier }), 'resourceType', 'resourceId');
      await kit.client.deleteRoom({ identifier: room });
      return seen.replace(`resourceId ${id}`, 'resourceId is the id of the logging configuration');
    }),
  ask('absent-type', 'Which error does GetLoggingConfiguration give for a logging configuration that does not exist?',
    'ResourceNotFoundException, resourceType LOGGING_CONFIGURATION',
    async (kit) => {
      const identifier = kit.absentRoom().replace(':room/', ':logging-configuration/');
      return outcome(kit.client.getLoggingConfiguration({ identifier }), 'resourceType');
    }),
  ask('given-twice', 'Are a logging configuration given twice and a tag key that begins with aws: refused?',
    'ValidationException, ValidationException',
    async (kit) => {
      const identifier = await kit.output('S3');
      const name = `${kit.run}-refused`;
      const inputs = [{ loggingConfigurationIdentifiers: [identifier, identifier] }, { tags: { 'aws:probe': 'yes' } }];
      const seen = [];
      for (const input of inputs) seen.push(await outcome(kit.uncheckedClient.createRoom({ name, ...input })));
      return seen.join(', ');
    }),
];
