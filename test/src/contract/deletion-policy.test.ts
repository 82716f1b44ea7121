import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { check } from '../../../src/contract/check';
import { DeletionPolicy } from '../../../src/contract/deletion-policy';

test.each([
  CfnDeletionPolicy.DELETE, CfnDeletionPolicy.RETAIN, CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE,
])('the deletion policy %s of the CDK is valid', (policy) => {
  expect(check(DeletionPolicy, policy)).toEqual([]);
});

test.each([CfnDeletionPolicy.SNAPSHOT, 'DELETE', '', 5])('the deletion policy %p is not valid', (policy) => {
  expect(check(DeletionPolicy, policy)).toHaveLength(1);
});
