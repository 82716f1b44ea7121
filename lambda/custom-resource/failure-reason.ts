import { INVALID_PERMISSION, TimeIsUp } from './session';
import { Refused } from './target';

const hints: { readonly [errorName: string]: string } = {
  AccessDeniedException: 'The provider function\'s role does not allow it: look for a permissions boundary or a service control policy.',
  ConflictException: 'Something else changes the same resource: deploy again.',
  PendingVerification: 'The AWS account is still being verified: wait for AWS\'s mail or contact AWS Support.',
  ResourceNotFoundException: 'It was deleted outside of CloudFormation: take it out of the stack, deploy, and put it back.',
  ServiceQuotaExceededException: 'Ask for a higher quota in Service Quotas (Amazon IVS Chat), or delete what is not used.',
};

const PERMISSION_HINT = 'The review function must allow ivschat.amazonaws.com to invoke it, for arn:aws:ivschat:REGION:ACCOUNT:room/*, on the very alias or version.';

/** What the stack's events tell the user: what was tried, what went wrong, what to do. */
export function failureReason(step: string, error: unknown): string {
  const { name, message, $metadata } = error as Error & { $metadata?: { requestId?: string } };
  if (error instanceof Refused) return message;
  if (error instanceof TimeIsUp) return `${message}. Deploy again; if it keeps happening, look at the provider function's log.`;
  const request = $metadata?.requestId ? ` (request id ${$metadata.requestId})` : '';
  const hint = INVALID_PERMISSION.test(message) ? ` ${PERMISSION_HINT}` : Object.hasOwn(hints, name) ? ` ${hints[name]}` : '';
  return `${step} failed: ${name}: ${message}${request}${hint}`;
}
