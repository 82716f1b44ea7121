import { DeadlineExceededError, INVALID_PERMISSION } from './invocation';
import { RefusedError } from './managed-resource';

const ACCESS_DENIED = 'The role of the provider function does not allow the call: '
  + 'look for a permissions boundary or a service control policy.';
const hints: { readonly [errorName: string]: string } = {
  AccessDenied: `${ACCESS_DENIED} Without the response of CloudFormation, nothing is created or updated.`,
  AccessDeniedException: ACCESS_DENIED,
  ConflictException: 'Something else is changing the same resource: deploy again.',
  PendingVerification: 'AWS is still verifying the account: wait for the email from AWS, or contact AWS Support.',
  ResourceNotFoundException:
    'The resource was deleted outside of CloudFormation: remove it from the stack, deploy, and add it again.',
  ServiceQuotaExceededException:
    'Request a higher quota in Service Quotas (Amazon IVS Chat), or delete resources that are not used.',
};

const PERMISSION_HINT = 'The review function must allow ivschat.amazonaws.com to invoke the given alias or version, '
  + 'with the source ARN arn:aws:ivschat:REGION:ACCOUNT:room/*.';

/** Returns the reason that the events of the stack show: the step, the error and the remedy. */
export function failureReason(step: string, error: unknown): string {
  const { name, message, $metadata } = error as Error & { $metadata?: { requestId?: string } };
  if (error instanceof RefusedError) return message;
  if (error instanceof DeadlineExceededError) {
    return `${message}. Deploy again. If this happens again, read the log of the provider function.`;
  }

  const request = $metadata?.requestId ? ` (request id ${$metadata.requestId})` : '';
  const hint = hintFor(error as Error);
  return `${step} failed: ${name}: ${message}${request}${hint ? ` ${hint}` : ''}`;
}

function hintFor({ name, message }: Error): string | undefined {
  if (INVALID_PERMISSION.test(message)) return PERMISSION_HINT;
  return Object.hasOwn(hints, name) ? hints[name] : undefined;
}
