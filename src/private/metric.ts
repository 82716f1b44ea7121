import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** A metric of Amazon IVS Chat. None of them is about one room: the service has no such dimension. */
export function metric(
  metricName: string, statistic: string, options: cloudwatch.MetricOptions = {}, dimensionsMap?: { readonly [name: string]: string },
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/IVSChat',
    metricName,
    statistic,
    ...options,
    dimensionsMap: { ...dimensionsMap, ...options.dimensionsMap },
  });
}
