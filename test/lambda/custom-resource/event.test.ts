import { Harness } from './world/harness';
import { born, malformed, timeOf, timeText } from '../../../lambda/custom-resource/event';

const event = (changed: object = {}): any => ({ ...new Harness().event(), ...changed });

test.each([
  [{}, undefined],
  [{ RequestType: 'Delete' }, undefined],
  [{ RequestType: 'Update', PhysicalResourceId: 'x' }, undefined],
  ...['StackId', 'RequestId', 'LogicalResourceId', 'ResourceType'].flatMap((name) => [undefined, '', 7, null, {}].map((value) => [{ [name]: value }, `the event has no ${name}`] as const)),
  ...[undefined, '', 'create', 'Read', 7].map((RequestType) => [{ RequestType }, 'the event\'s RequestType is none of Create, Update and Delete'] as const),
  ...[undefined, null, 'x', 7].map((ResourceProperties) => [{ ResourceProperties }, 'the event has no ResourceProperties'] as const),
  ...[undefined, ''].map((PhysicalResourceId) => [{ RequestType: 'Update', PhysicalResourceId }, 'the event has no PhysicalResourceId'] as const),
] as const)('T14 what is wrong with an event that has %j: %s', (changed, expected) => {
  expect(malformed(event(changed))).toBe(expected);
});

describe('when a request was made', () => {
  const now = Date.UTC(2026, 0, 5, 12, 0, 1, 999);
  const url = (query: string) => event({ ResponseURL: `https://s3.amazonaws.com/?${query}` });

  test('is what its ResponseURL says, the same in every delivery', () => {
    expect(born(url('X-Amz-Date=20260105T110203Z'), now)).toBe('20260105T110203Z');
  });

  test.each(['', 'X-Amz-Date=', 'X-Amz-Date=x', 'X-Amz-Date=20260105T110203', 'X-Amz-Date=120260105T110203Z', 'X-Amz-Date=20260105T110203ZZ', 'X-Amz-Date=2026-01-05T11:02:03Z'])(
    'is now, in whole seconds, where that says %j', (query) => {
      expect(born(url(query), now)).toBe('20260105T120001Z');
    });

  test('as text and as a number', () => {
    expect(timeText(now)).toBe('20260105T120001Z');
    expect(timeOf('20260105T120001Z')).toBe(now - 999);
    for (const wrong of ['x20260105T120001Z', '20260105T120001Z ', '2026-01-05']) expect(timeOf(wrong)).not.toBe(now - 999);
  });
});
