import type { StringShape } from './shape';

/** The Regions in which Amazon IVS Chat is available. All of them are in the partition `aws`. */
export const regions = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'eu-central-1',
  'eu-west-1',
  'us-east-1',
  'us-west-2',
] as const;

export const Region: StringShape = { type: 'string', values: regions };
