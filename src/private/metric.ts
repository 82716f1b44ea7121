import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { OBJECT } from './expectations';
import { described, validateArgument } from './validate';

interface Dimensions {
  readonly [name: string]: string;
}

/**
 * The metrics of Amazon IVS Chat with their usual statistics, by dimension. No metric is for a single room.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-health.html
 */
export const METRICS = {
  none: { ConcurrentChatConnections: 'Maximum', MessagingRequests: 'Sum', MessagingDeliveries: 'Sum' },
  Action: { Requests: 'Sum', Deliveries: 'Sum' },
  Uri: { InvocationErrors: 'Sum', ResponseValidationErrors: 'Sum' },
  LoggingConfiguration: {
    LogDestinationErrors: 'Sum',
    // The service spells this name in the singular.
    LogDestinationAccessDeniedError: 'Sum',
    LogDestinationResourceNotFoundErrors: 'Sum',
  },
} as const;

/**
 * Returns a metric of Amazon IVS Chat.
 *
 * Throws if the service has no metric of that name with the dimension.
 */
export function metric(
  metricName: string, options: cloudwatch.MetricOptions = {}, dimension?: keyof typeof METRICS, value?: string,
): cloudwatch.Metric {
  validateArgument('options', options, OBJECT);
  const statistics: { readonly [name: string]: string } = METRICS[dimension ?? 'none'];
  if (!Object.hasOwn(statistics, metricName)) {
    throw new Error(`\`metricName\` must be one of ${Object.keys(statistics).join(', ')}, got ${described(metricName)};`
      + ' use `cloudwatch.Metric` for other metrics');
  }
  const dimensionsMap: Dimensions = dimension ? { [dimension]: value! } : {};
  return new cloudwatch.Metric({
    namespace: 'AWS/IVSChat',
    metricName,
    statistic: statistics[metricName],
    ...options,
    dimensionsMap: { ...dimensionsMap, ...options.dimensionsMap },
  });
}
