import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

interface Dimensions {
  readonly [name: string]: string;
}

/** Returns a metric of Amazon IVS Chat. The service has no metrics of a single room. */
export function metric(
  metricName: string,
  statistic: string,
  options: cloudwatch.MetricOptions = {},
  dimensionsMap?: Dimensions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/IVSChat',
    metricName,
    statistic,
    ...options,
    dimensionsMap: { ...dimensionsMap, ...options.dimensionsMap },
  });
}
