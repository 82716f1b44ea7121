import { Harness, type HarnessOptions, faults } from './world/harness';

/** Every HTTP request of every operation has every fault once. The result is the same as without the fault. */
const resources: { [name: string]: HarnessOptions & { next: object } } = {
  'a room': {
    next: { Name: 'stage', MaximumMessageLength: '10', Tags: { team: 'b' } },
    properties: { Tags: { team: 'a', old: '1' } },
  },
  'a logging configuration': {
    next: { Name: 'stage', DestinationConfiguration: { S3: { BucketName: 'other' } }, Tags: { team: 'b' } },
    properties: {
      Tags: { team: 'a', old: '1' },
      DestinationConfiguration: { CloudWatchLogs: { LogGroupName: 'chat' } },
    },
    resourceType: 'Custom::IVSChatLoggingConfiguration',
  },
};
const verbs = ['create', 'update', 'delete'] as const;

describe.each(Object.entries(resources))('%s', (_, { next, ...options }) => {
  async function life(strike?: { verb: typeof verbs[number]; index: number; fault: typeof faults[number] }) {
    const harness = new Harness(options);
    const counts: Record<string, number> = {};
    for (const verb of verbs) {
      harness.reset();
      if (strike?.verb === verb) {
        harness.intercept = (_call, _ordinary, index) => (
          index === strike.index ? strike.fault : undefined
        );
      }
      const answer = verb === 'create' ? await harness.create() : await harness[verb](next);
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: harness.recorded });
      counts[verb] = harness.calls.length;
      if (verb === 'create') {
        expect(harness.owned).toMatchObject([{ name: 'lobby', tags: { team: 'a', old: '1' } }]);
        expect(harness.owned[0]!.arn).toBe(harness.recorded);
      } else if (verb === 'update') {
        expect(harness.owned).toMatchObject([{ name: 'stage', tags: { team: 'b' } }]);
        expect(harness.owned[0]!.tags).not.toHaveProperty('old');
      } else {
        expect(harness.owned).toEqual([]);
      }
    }
    return counts;
  }

  test.each(verbs)('%s succeeds with any fault in any one of its requests', async (verb) => {
    const counts = await life();
    for (let index = 0; index < counts[verb]!; index++) {
      for (const fault of process.env.STRYKER_MUTATOR_WORKER ? [faults[index % faults.length]!] : faults) {
        try {
          await life({ verb, index, fault });
        } catch (error) {
          (error as Error).message = `request ${index} of ${verb}, ${fault}: ${(error as Error).message}`;
          throw error;
        }
      }
    }
  });
});
