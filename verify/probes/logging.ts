import { strict as assert } from 'node:assert';
import type { Kit } from '../kit';
import type { Probe } from '../probe';

const group = 'Logging and review';

const destination = (id: string, output: string, question: string): Probe => ({
  id,
  group,
  question,
  assumes: 'promise: the stack declares all that the log delivery service needs',
  async run(kit) {
    const identifier = await kit.output(output);
    const took = await kit.until('it is ACTIVE', async () => (await kit.client.getLoggingConfiguration({ identifier })).state === 'ACTIVE')
      .catch(async () => assert.fail(`the state is ${(await kit.client.getLoggingConfiguration({ identifier })).state}`));
    return took < 1000 ? 'ACTIVE when the deployment ended' : `ACTIVE ${took} ms after the deployment`;
  },
});

async function errorOf(work: Promise<unknown>): Promise<any> {
  return work.then(() => ({ name: 'success' }), (error) => error);
}

const members = ({ name, resourceType, resourceId }: any) => `${name}, resourceType ${resourceType}, resourceId ${resourceId}`;

/** Creates a logging configuration that logs to the bucket of the main stack. */
async function createLoggingConfiguration(kit: Kit): Promise<string> {
  const { arn } = await kit.client.createLoggingConfiguration({ name: `${kit.run}-logs`, destinationConfiguration: { s3: { bucketName: await kit.output('Bucket') } } });
  kit.loggingConfigurations.add(arn!);
  await kit.until('it is ACTIVE', async () => (await kit.client.getLoggingConfiguration({ identifier: arn })).state === 'ACTIVE');
  return arn!;
}

export const logging: readonly Probe[] = [
  destination('s3-active', 'S3', 'Does logging to S3 become ACTIVE?'),
  destination('cloudwatch-active', 'CloudWatchLogs', 'Does logging to CloudWatch Logs become ACTIVE?'),
  destination('firehose-active', 'Firehose', 'Does logging to Data Firehose become ACTIVE?'),
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
  {
    id: 'delete-attached',
    group,
    question: 'Which error does DeleteLoggingConfiguration give while a room uses it?',
    assumes: 'ConflictException, resourceType LOGGING_CONFIGURATION, resourceId the id of the logging configuration',
    async run(kit) {
      const identifier = await createLoggingConfiguration(kit);
      const room = await kit.createRoom({ loggingConfigurationIdentifiers: [identifier] });
      const error = await errorOf(kit.client.deleteLoggingConfiguration({ identifier }));
      const id = identifier.split('/')[1];
      await kit.client.deleteRoom({ identifier: room });
      return { seen: members(error), holds: error.name === 'ConflictException' && error.resourceType === 'LOGGING_CONFIGURATION' && error.resourceId === id };
    },
  },
  {
    id: 'absent-type',
    group,
    question: 'What is resourceType of a logging configuration that does not exist?',
    assumes: 'local IVS Chat: LOGGING_CONFIGURATION',
    async run(kit) {
      const error = await errorOf(kit.client.getLoggingConfiguration({ identifier: kit.absentRoom().replace(':room/', ':logging-configuration/') }));
      return { seen: members(error), holds: error.resourceType === 'LOGGING_CONFIGURATION' };
    },
  },
  {
    id: 'given-twice',
    group,
    question: 'Are a logging configuration given twice and a tag key that begins with aws: refused?',
    assumes: 'local IVS Chat: ValidationException',
    async run(kit) {
      const identifier = await kit.output('S3');
      const create = async (input: object) => (await errorOf(kit.uncheckedClient.createRoom({ name: `${kit.run}-refused`, ...input }))).name;
      const twice = await create({ loggingConfigurationIdentifiers: [identifier, identifier] });
      const reserved = await create({ tags: { 'aws:probe': 'yes' } });
      return { seen: `twice: ${twice}; aws: ${reserved}`, holds: twice === 'ValidationException' && reserved === twice };
    },
  },
];
