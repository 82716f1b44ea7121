import { Harness } from './world/harness';
import { malformed, requestTime, timeOf, timeText } from '../../../lambda/custom-resource/event';

const event = (changed: object = {}): any => ({ ...new Harness().event(), ...changed });

describe('the check of an event', () => {
  test.each([
    [{}],
    [{ RequestType: 'Delete' }],
    [{ RequestType: 'Update', PhysicalResourceId: 'x' }],
  ])('accepts an event with %j', (changed) => {
    expect(malformed(event(changed))).toBeUndefined();
  });

  const required = ['StackId', 'RequestId', 'LogicalResourceId', 'ResourceType'];
  test.each([
    ...required.flatMap((name) => [undefined, '', 7, null, {}].map((value) => (
      [{ [name]: value }, `the event has no ${name}`] as const))),
    ...[undefined, '', 'create', 'DELETE', 'Read', 7].map((RequestType) => (
      [{ RequestType }, 'the RequestType of the event must be Create, Update or Delete'] as const)),
    ...[undefined, null, 'x', 7].map((ResourceProperties) => (
      [{ ResourceProperties }, 'the event has no ResourceProperties'] as const)),
    ...[undefined, ''].map((PhysicalResourceId) => (
      [{ RequestType: 'Update', PhysicalResourceId }, 'the event has no PhysicalResourceId'] as const)),
  ])('refuses an event with %j', (changed, problem) => {
    expect(malformed(event(changed))).toBe(problem);
  });
});

describe('the time of a request', () => {
  const timeIn = (query: string) => requestTime({ ResponseURL: `https://s3.amazonaws.com/?${query}` });
  /** The end of the two hours that begin at 11:02:03. */
  const expires = Date.UTC(2026, 0, 5, 13, 2, 3) / 1000;

  test('is the X-Amz-Date of the ResponseURL', () => {
    expect(timeIn('X-Amz-Date=20260105T110203Z')).toBe('20260105T110203Z');
    expect(timeIn(`X-Amz-Date=20260105T110204Z&Expires=${expires}`)).toBe('20260105T110204Z');
  });

  test('is two hours before Expires if the ResponseURL has no X-Amz-Date', () => {
    expect(timeIn(`Expires=${expires}`)).toBe('20260105T110203Z');
    expect(timeIn(`X-Amz-Date=x&Expires=${expires}`)).toBe('20260105T110203Z');
  });

  test.each([
    '', 'X-Amz-Date=', 'X-Amz-Date=x', 'X-Amz-Date=20260105T110203', 'X-Amz-Date=120260105T110203Z',
    'X-Amz-Date=20260105T110203ZZ', 'X-Amz-Date=2026-01-05T11:02:03Z', 'X-Amz-Date=20261305T110203Z',
    'x-amz-date=20260105T110203Z',
    'Expires=', 'Expires=x', 'Expires=-1767618123', 'Expires=17676181', 'Expires=176761812300', 'Expires=1767618123.5',
  ])('is not known from the query %j', (query) => {
    expect(timeIn(query)).toBeUndefined();
  });

  test('is converted to text in whole seconds, and back to the beginning of that second', () => {
    const now = Date.UTC(2026, 0, 5, 12, 0, 1, 999);
    expect(timeText(now)).toBe('20260105T120001Z');
    expect(timeOf('20260105T120001Z')).toBe(now - 999);
    const wrong = ['', 'x20260105T120001Z', '20260105T120001Z ', '20260105T120001'];
    for (const text of wrong) expect(timeOf(text)).toBeNaN();
  });
});
