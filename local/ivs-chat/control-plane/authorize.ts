import type { AuthorizationContext, Identity } from '../../aws/http/identities';
import { IvsChatError } from './ivs-chat-error';

/** The caller of a request and its Region. */
export interface Caller {
  readonly identity: Identity;
  readonly region: string;
}

type Tags = { readonly [key: string]: string };

/**
 * Authorizes an operation on a resource.
 *
 * @throws AccessDeniedException if IAM does not allow the action.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoninteractivevideoservicechat.html
 */
export function authorize(
  caller: Caller,
  operation: string,
  resource: string,
  request: { tags?: Tags; tagKeys?: readonly string[]; resourceTags?: Tags } = {},
): void {
  const { identity } = caller;
  const action = `ivschat:${operation}`;
  const context: { [conditionKey: string]: string | readonly string[] } = {
    'aws:RequestedRegion': caller.region,
    'aws:PrincipalArn': identity.arn,
  };
  for (const [key, value] of Object.entries(request.tags ?? {})) context[`aws:RequestTag/${key}`] = value;
  const tagKeys = request.tagKeys ?? Object.keys(request.tags ?? {});
  if (tagKeys.length) context['aws:TagKeys'] = tagKeys;
  for (const [key, value] of Object.entries(request.resourceTags ?? {})) context[`aws:ResourceTag/${key}`] = value;
  // Rooms have no resource-based policies, so other accounts have no access.
  const own = resource.split(':')[4] === identity.accountId;
  if (own && (identity.allows?.(action, resource, context satisfies AuthorizationContext) ?? true)) return;
  throw new IvsChatError(
    'AccessDeniedException',
    `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource} because no `
    + `${own ? 'identity' : 'resource'}-based policy allows the ${action} action`,
  );
}
