import { Harness, type HarnessOptions } from './world/harness';

/**
 * CloudFormation's contract tests for resource types, of its own names, as far as custom resources have the same rules.
 *
 * @see https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/contract-tests.html
 */
const types: [string, HarnessOptions & { changed: object }][] = [
  ['Custom::IVSChatRoom', { changed: { MaximumMessageLength: '3' } }],
  ['Custom::IVSChatLoggingConfiguration', {
    properties: { DestinationConfiguration: { Firehose: { DeliveryStreamName: 'chat' } } },
    changed: { DestinationConfiguration: { S3: { BucketName: 'bucket' } } },
  }],
];

describe.each(types)('%s', (resourceType, { changed, ...options }) => {
  const harness = () => new Harness({ resourceType, ...options });
  const kind = resourceType === 'Custom::IVSChatRoom' ? 'Room' : 'LoggingConfiguration';
  const read = (on: Harness) => on.service.apply(`Get${kind}`, { identifier: on.recorded });
  const listed = (on: Harness) => {
    const answer = JSON.parse(on.service.apply(`List${kind}s`, {}).body);
    return (answer.rooms ?? answer.loggingConfigurations).map(({ arn }: { arn: string }) => arn);
  };
  const created = async (properties = {}) => {
    const on = harness();
    expect(await on.create(properties)).toMatchObject({ Status: 'SUCCESS' });
    return on;
  };
  const shownAs = (on: Harness, properties: object) => {
    const shown = JSON.parse(read(on).body);
    const expected = JSON.stringify(properties).replace(/"([A-Z])/g, (_, letter) => `"${letter.toLowerCase()}`).replace('"3"', '3');
    expect(shown).toMatchObject(JSON.parse(expected));
  };

  test('contract_create_create: the same request twice makes one', async () => {
    const on = harness();
    const event = on.event();
    const first = await on.deliver(event);
    on.start(event);
    await on.clock.run();
    expect(on.answers.map(({ PhysicalResourceId }) => PhysicalResourceId)).toEqual([first.PhysicalResourceId, first.PhysicalResourceId]);
    expect(on.owned).toHaveLength(1);
  });

  test('contract_create_read', async () => shownAs(await created(), { Name: 'lobby' }));

  test('contract_create_delete', async () => {
    const on = await created();
    expect(await on.delete()).toMatchObject({ Status: 'SUCCESS' });
    expect(on.owned).toEqual([]);
  });

  test('contract_create_list', async () => {
    const on = await created();
    expect(listed(on)).toEqual([on.recorded]);
  });

  test('contract_create_taggable', async () => shownAs(await created({ Tags: { team: 'live' } }), { Tags: {} }));

  test('contract_update_read', async () => {
    const on = await created();
    expect(await on.update(changed)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: on.recorded });
    shownAs(on, changed);
  });

  test('contract_update_list', async () => {
    const on = await created();
    await on.update(changed);
    expect(listed(on)).toEqual([on.recorded]);
  });

  test('contract_update_tag_updatable', async () => {
    const on = await created({ Tags: { team: 'live', old: '1' } });
    await on.update({ Tags: { team: 'vod' } }, { Tags: { team: 'live', old: '1' } });
    const { tags } = JSON.parse(read(on).body);
    expect(tags).toMatchObject({ team: 'vod' });
    expect(tags).not.toHaveProperty('old');
  });

  test('contract_update_without_create', async () => {
    const on = harness();
    on.recorded = `arn:aws:ivschat:us-west-2:123456789012:${kind === 'Room' ? 'room' : 'logging-configuration'}/AbCdEfGhIjKl`;
    expect(await on.update(changed)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('ResourceNotFoundException'), PhysicalResourceId: on.recorded });
    expect(on.owned).toEqual([]);
  });

  test('contract_delete_create: a new one after the old one', async () => {
    const on = await created();
    const old = on.recorded;
    await on.delete();
    on.recorded = undefined;
    expect(await on.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(on.recorded).not.toBe(old);
    expect(on.owned).toHaveLength(1);
  });

  test('contract_delete_update', async () => {
    const on = await created();
    await on.delete();
    expect(await on.update(changed)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: on.recorded });
    expect(on.owned).toEqual([]);
  });

  test('contract_delete_read', async () => {
    const on = await created();
    await on.delete();
    expect(read(on).status).toBe(404);
  });

  test('contract_delete_list', async () => {
    const on = await created();
    await on.delete();
    expect(listed(on)).toEqual([]);
  });

  test('contract_delete_delete: of custom resources the second one succeeds too', async () => {
    const on = await created();
    await on.delete();
    expect(await on.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: on.recorded });
  });

  test('contract_check_asserts_work: what these tests look at can be otherwise', async () => {
    const on = await created();
    expect(() => shownAs(on, { Name: 'other' })).toThrow();
    expect(read(on).status).toBe(200);
  });
});
