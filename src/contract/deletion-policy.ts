import type { StringShape } from './shape';

/**
 * The DeletionPolicy of the resource. CloudFormation does not send it to the custom resource, so it is a property. With
 * `Retain`, CloudFormation sends no Delete request after a canceled create, so the create must clean up.
 */
export const DeletionPolicy: StringShape = { type: 'string', values: ['Delete', 'Retain', 'RetainExceptOnCreate'] };
