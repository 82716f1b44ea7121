import { Harness, type HarnessOptions } from './world/harness';

/**
 * The contract tests of CloudFormation for resource types, with their names in CloudFormation, as far as
 * custom resources have the same rules.
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
  const harness = () => new Harness({ resourceType, latency: 300, ...options }); // a create takes longer than a second
  const kind = resourceType === 'Custom::IVSChatRoom' ? 'Room' : 'LoggingConfiguration';
  const read = (on: Harness) => on.service.apply(`Get${kind}`, { identifier: on.recorded });
  const listed = (on: Harness) => {
    const page = JSON.parse(on.service.apply(`List${kind}s`, {}).body);
    return (page.rooms ?? page.loggingConfigurations).map(({ arn }: { arn: string }) => arn);
  };
  const created = async (properties = {}) => {
    const on = harness();
    expect(await on.create(properties)).toMatchObject({ Status: 'SUCCESS' });
    return on;
  };
  const shownAs = (on: Harness, properties: object) => {
    const shown = JSON.parse(read(on).body);
    const expected = JSON.stringify(properties).replace(
      /"([A-Z])/g, (_, letter) => `"${letter.toLowerCase()}`,
    ).replace('"3"', '3');
    expect(shown).toMatchObject(JSON.parse(expected));
  };

  test('contract_create_create: the same request twice creates one resource', async () => {
    const on = harness();
    const event = on.event();
    on.start(event);
    on.start(event);
    await on.clock.run();
    expect(
      on.answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId]),
    ).toEqual([['SUCCESS', on.recorded], ['SUCCESS', on.recorded]]);
    await on.wait(100);
    on.start(event);
    await on.clock.run();
    expect(on.owned.map(({ arn }) => arn)).toEqual([on.recorded]);
  });

  test('contract_create_read: a read shows the created resource', async () => {
    const on = await created();
    shownAs(on, { Name: 'lobby' });
  });

  test('contract_create_delete: a delete removes the created resource', async () => {
    const on = await created();
    expect(await on.delete()).toMatchObject({ Status: 'SUCCESS' });
    expect(on.owned).toEqual([]);
  });

  test('contract_create_list: the list has the created resource', async () => {
    const on = await created();
    expect(listed(on)).toEqual([on.recorded]);
  });

  test('contract_create_taggable: a create sets the tags', async () => {
    const on = await created({ Tags: { team: 'live' } });
    expect(JSON.parse(read(on).body).tags).toMatchObject({ team: 'live' });
  });

  test('contract_update_read: a read shows the updated resource', async () => {
    const on = await created();
    expect(await on.update(changed)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: on.recorded });
    shownAs(on, changed);
  });

  test('contract_update_list: the list has the updated resource', async () => {
    const on = await created();
    await on.update(changed);
    expect(listed(on)).toEqual([on.recorded]);
  });

  test('contract_update_tag_updatable: an update adds, changes and removes tags', async () => {
    const on = await created({ Tags: { team: 'live', old: '1' } });
    await on.update({ Tags: { team: 'vod', new: '1' } }, { Tags: { team: 'live', old: '1' } });
    const { tags } = JSON.parse(read(on).body);
    expect(tags).toMatchObject({ team: 'vod', new: '1' });
    expect(tags).not.toHaveProperty('old');
  });

  test('contract_update_without_create: an update of a resource that does not exist fails', async () => {
    const on = harness();
    const arnResource = kind === 'Room' ? 'room' : 'logging-configuration';
    on.recorded = `arn:aws:ivschat:us-west-2:123456789012:${arnResource}/AbCdEfGhIjKl`;
    expect(await on.update(changed)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('does not exist any more'),
      PhysicalResourceId: on.recorded,
    });
    expect(on.owned).toEqual([]);
  });

  test('contract_delete_create: a create after a delete makes a new resource', async () => {
    const on = await created();
    const old = on.recorded;
    await on.delete();
    on.recorded = undefined;
    expect(await on.create()).toMatchObject({ Status: 'SUCCESS' });
    expect(on.recorded).not.toBe(old);
    expect(on.owned).toHaveLength(1);
  });

  test('contract_delete_update: an update after a delete fails', async () => {
    const on = await created();
    await on.delete();
    expect(await on.update(changed)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: on.recorded });
    expect(on.owned).toEqual([]);
  });

  test('contract_delete_read: a read after a delete finds nothing', async () => {
    const on = await created();
    await on.delete();
    expect(read(on).status).toBe(404);
  });

  test('contract_delete_list: the list after a delete is empty', async () => {
    const on = await created();
    await on.delete();
    expect(listed(on)).toEqual([]);
  });

  test('contract_delete_delete: a second delete succeeds, as custom resources require', async () => {
    const on = await created();
    await on.delete();
    expect(await on.delete()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: on.recorded });
  });

  test('contract_check_asserts_work: the assertions of these tests can fail', async () => {
    const on = await created();
    expect(() => shownAs(on, { Name: 'other' })).toThrow();
    expect(read(on).status).toBe(200);
  });
});
