/**
 * The test cases of the endpoints in the service model (the trait `smithy.rules#endpointTests`): the configuration, and
 * the endpoint, or `refused` if the model expects an error.
 */
export const endpointTests: ReadonlyArray<{
  config: { region?: string; endpoint?: string; useFipsEndpoint?: boolean; useDualstackEndpoint?: boolean };
  expected: string;
}> = [
  { config: { region: 'eu-west-1' }, expected: 'https://ivschat.eu-west-1.amazonaws.com' },
  { config: { region: 'us-east-1' }, expected: 'https://ivschat.us-east-1.amazonaws.com' },
  { config: { region: 'us-west-2' }, expected: 'https://ivschat.us-west-2.amazonaws.com' },
  {
    config: { region: 'us-east-1', useFipsEndpoint: true, useDualstackEndpoint: true },
    expected: 'https://ivschat-fips.us-east-1.api.aws',
  },
  { config: { region: 'us-east-1', useFipsEndpoint: true }, expected: 'https://ivschat-fips.us-east-1.amazonaws.com' },
  { config: { region: 'us-east-1', useDualstackEndpoint: true }, expected: 'https://ivschat.us-east-1.api.aws' },
  {
    config: { region: 'cn-north-1', useFipsEndpoint: true, useDualstackEndpoint: true },
    expected: 'https://ivschat-fips.cn-north-1.api.amazonwebservices.com.cn',
  },
  {
    config: { region: 'cn-north-1', useFipsEndpoint: true },
    expected: 'https://ivschat-fips.cn-north-1.amazonaws.com.cn',
  },
  {
    config: { region: 'cn-north-1', useDualstackEndpoint: true },
    expected: 'https://ivschat.cn-north-1.api.amazonwebservices.com.cn',
  },
  { config: { region: 'cn-north-1' }, expected: 'https://ivschat.cn-north-1.amazonaws.com.cn' },
  {
    config: { region: 'us-gov-east-1', useFipsEndpoint: true, useDualstackEndpoint: true },
    expected: 'https://ivschat-fips.us-gov-east-1.api.aws',
  },
  {
    config: { region: 'us-gov-east-1', useFipsEndpoint: true },
    expected: 'https://ivschat-fips.us-gov-east-1.amazonaws.com',
  },
  {
    config: { region: 'us-gov-east-1', useDualstackEndpoint: true },
    expected: 'https://ivschat.us-gov-east-1.api.aws',
  },
  { config: { region: 'us-gov-east-1' }, expected: 'https://ivschat.us-gov-east-1.amazonaws.com' },
  { config: { region: 'us-iso-east-1', useFipsEndpoint: true, useDualstackEndpoint: true }, expected: 'refused' },
  {
    config: { region: 'us-iso-east-1', useFipsEndpoint: true },
    expected: 'https://ivschat-fips.us-iso-east-1.c2s.ic.gov',
  },
  { config: { region: 'us-iso-east-1', useDualstackEndpoint: true }, expected: 'refused' },
  { config: { region: 'us-iso-east-1' }, expected: 'https://ivschat.us-iso-east-1.c2s.ic.gov' },
  { config: { region: 'us-isob-east-1', useFipsEndpoint: true, useDualstackEndpoint: true }, expected: 'refused' },
  {
    config: { region: 'us-isob-east-1', useFipsEndpoint: true },
    expected: 'https://ivschat-fips.us-isob-east-1.sc2s.sgov.gov',
  },
  { config: { region: 'us-isob-east-1', useDualstackEndpoint: true }, expected: 'refused' },
  { config: { region: 'us-isob-east-1' }, expected: 'https://ivschat.us-isob-east-1.sc2s.sgov.gov' },
  { config: { region: 'us-east-1', endpoint: 'https://example.com' }, expected: 'https://example.com' },
  { config: { endpoint: 'https://example.com' }, expected: 'https://example.com' },
  { config: { region: 'us-east-1', useFipsEndpoint: true, endpoint: 'https://example.com' }, expected: 'refused' },
  { config: { region: 'us-east-1', useDualstackEndpoint: true, endpoint: 'https://example.com' }, expected: 'refused' },
  { config: {}, expected: 'refused' },
];
