import { failureReason } from '../../../lambda/custom-resource/failure-reason';
import { TimeIsUp } from '../../../lambda/custom-resource/session';
import { Refused } from '../../../lambda/custom-resource/target';

const error = (name: string, message = 'no', requestId?: string) => Object.assign(new Error(message), { name, ...(requestId ? { $metadata: { requestId } } : {}) });

test.each([
  ['AccessDeniedException', 'The provider function\'s role does not allow it: look for a permissions boundary or a service control policy.'],
  ['ConflictException', 'Something else changes the same resource: deploy again.'],
  ['PendingVerification', 'The AWS account is still being verified: wait for AWS\'s mail or contact AWS Support.'],
  ['ResourceNotFoundException', 'It was deleted outside of CloudFormation: take it out of the stack, deploy, and put it back.'],
  ['ServiceQuotaExceededException', 'Ask for a higher quota in Service Quotas (Amazon IVS Chat), or delete what is not used.'],
])('T25 %s: the reason says what to do', (name, hint) => {
  expect(failureReason('Get room', error(name, 'no', 'r-1'))).toBe(`Get room failed: ${name}: no (request id r-1) ${hint}`);
});

test.each(['ValidationException', 'toString', '__proto__'])('%s has no hint', (name) => {
  expect(failureReason('Get room', error(name))).toBe(`Get room failed: ${name}: no`);
});

test('a review function that may not be invoked', () => {
  expect(failureReason('Create room', error('ValidationException', 'uri: Invalid Lambda Permission'))).toBe(
    'Create room failed: ValidationException: uri: Invalid Lambda Permission The review function must allow ivschat.amazonaws.com to invoke it, '
    + 'for arn:aws:ivschat:REGION:ACCOUNT:room/*, on the very alias or version.');
});

test('a refusal is its own reason; of a time that ran out it is said what to do', () => {
  expect(failureReason('Starting', new Refused('Name must be short'))).toBe('Name must be short');
  expect(failureReason('Starting', new TimeIsUp('the time ran out during: Get room')))
    .toBe('the time ran out during: Get room. Deploy again; if it keeps happening, look at the provider function\'s log.');
});
