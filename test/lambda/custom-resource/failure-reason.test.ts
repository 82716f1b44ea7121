import { failureReason } from '../../../lambda/custom-resource/failure-reason';
import { DeadlineExceededError } from '../../../lambda/custom-resource/invocation';
import { RefusedError } from '../../../lambda/custom-resource/managed-resource';

function error(name: string, requestId?: string, message = 'no') {
  return Object.assign(new Error(message), { name, ...(requestId ? { $metadata: { requestId } } : {}) });
}

test.each([
  ['AccessDenied', 'The role of the provider function does not allow the call: look for a permissions boundary '
    + 'or a service control policy. Without the response of CloudFormation, nothing is created or updated.'],
  ['AccessDeniedException', 'The role of the provider function does not allow the call: '
    + 'look for a permissions boundary or a service control policy.'],
  ['ConflictException', 'Something else is changing the same resource: deploy again.'],
  ['PendingVerification', 'AWS is still verifying the account: wait for the email from AWS, or contact AWS Support.'],
  ['ResourceNotFoundException',
    'The resource was deleted outside of CloudFormation: remove it from the stack, deploy, and add it again.'],
  ['ServiceQuotaExceededException',
    'Request a higher quota in Service Quotas (Amazon IVS Chat), or delete resources that are not used.'],
])('the reason of %s tells the user how to resolve it', (name, hint) => {
  expect(failureReason('Get room', error(name, 'r-1'))).toBe(`Get room failed: ${name}: no (request id r-1) ${hint}`);
});

test.each(['ValidationException', 'toString', '__proto__'])('the reason of %s has no hint', (name) => {
  expect(failureReason('Get room', error(name))).toBe(`Get room failed: ${name}: no`);
});

test.each([
  'ValidationException', 'AccessDeniedException',
])('the reason of an invalid Lambda permission (%s) names the permission that the review function needs', (name) => {
  const refusal = error(name, undefined, 'uri: Invalid Lambda Permission');
  expect(failureReason('Create room', refusal)).toBe(
    `Create room failed: ${name}: uri: Invalid Lambda Permission The review function must allow `
    + 'ivschat.amazonaws.com to invoke the given alias or version, '
    + 'with the source ARN arn:aws:ivschat:REGION:ACCOUNT:room/*.');
});

test('the reason of a refused request is the message of the refusal', () => {
  expect(failureReason('Starting', new RefusedError('Name must be short'))).toBe('Name must be short');
});

test('the reason of an exceeded deadline names the step and points to the log', () => {
  expect(failureReason('Starting', new DeadlineExceededError('the time ran out during this step: Get room'))).toBe(
    'the time ran out during this step: Get room. Deploy again. '
    + 'If this happens again, read the log of the provider function.');
});
