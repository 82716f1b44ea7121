import type { StringShape } from './shape';

/**
 * The DeletionPolicy of the resource, which CloudFormation does not tell the custom resource otherwise. Under `Retain` no
 * Delete follows a create that was cancelled, so the create itself has to clean up.
 */
export const DeletionPolicy: StringShape = { type: 'string', values: ['Delete', 'Retain', 'RetainExceptOnCreate'] };
