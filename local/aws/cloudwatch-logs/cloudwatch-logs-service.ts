import type { LogGroups } from './log-groups';
import { ServiceError } from '../http/service-error';
import { jsonService } from '../http/json-service';
import { authorize, type Service, type ServiceRequest } from '../http/service';

export function cloudWatchLogsService(logs: LogGroups, region: string, accountId: string): Service {
  const arnOf = (name: string) => `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`;
  const allowed = ({ identity }: ServiceRequest, action: string, name: string) =>
    authorize(identity, action, arnOf(name), {}, 'AccessDeniedException');
  const group = (input: { readonly [name: string]: any }) => {
    const name = String(
      input.logGroupName
        ?? String(input.logGroupIdentifier ?? '')
          .replace(/^arn:.*:log-group:/, '')
          .replace(/:\*$/, ''),
    );
    const found = logs.get(name);
    if (!found) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    return found;
  };
  return jsonService('logs', {
    DescribeLogGroups: ({ logGroupNamePrefix }, request) => {
      allowed(request, 'logs:DescribeLogGroups', '*');
      const described = logs.list(logGroupNamePrefix).map(({ name, creationTime, retentionInDays }) => (
        { logGroupName: name, creationTime, retentionInDays, arn: arnOf(name), storedBytes: 0 }
      ));
      return { logGroups: described };
    },
    DescribeLogStreams: (input, request) => {
      const { name, streams } = group(input);
      allowed(request, 'logs:DescribeLogStreams', name);
      return { logStreams: [...streams].map(([logStreamName, creationTime]) => ({ logStreamName, creationTime })) };
    },
    FilterLogEvents: (input, request) => {
      const { name, events } = group(input);
      allowed(request, 'logs:FilterLogEvents', name);
      const {
        startTime = 0,
        endTime = Infinity,
        filterPattern = '',
        logStreamNames,
        limit = 10_000,
        nextToken,
      } = input;
      const found = events.filter(
        ({ timestamp, message, logStreamName }) =>
          timestamp >= startTime
          && timestamp <= endTime
          && (!logStreamNames || logStreamNames.includes(logStreamName))
          && matches(message, String(filterPattern)),
      );
      const from = Number(nextToken ?? 0);
      const until = from + Number(limit);
      return { events: found.slice(from, until), ...(until < found.length ? { nextToken: String(until) } : {}) };
    },
    GetLogEvents: (input, request) => {
      const { name, events } = group(input);
      allowed(request, 'logs:GetLogEvents', name);
      const { startTime = 0, endTime = Infinity, limit = 10_000 } = input;
      const inStream = events.filter(({ logStreamName }) => logStreamName === input.logStreamName);
      const found = inStream.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
      return {
        events: found
          .slice(-Number(limit))
          .map(({ timestamp, ingestionTime, message }) => ({ timestamp, ingestionTime, message })),
        nextForwardToken: 'f/0',
        nextBackwardToken: 'b/0',
      };
    },
    CreateLogGroup: ({ logGroupName }, request) => {
      allowed(request, 'logs:CreateLogGroup', String(logGroupName));
      if (logs.get(String(logGroupName))) {
        throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      logs.create(String(logGroupName));
    },
    CreateLogStream: (input, request) => {
      const { name, streams } = group(input);
      allowed(request, 'logs:CreateLogStream', name);
      if (streams.has(String(input.logStreamName))) {
        throw new ServiceError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      streams.set(String(input.logStreamName), Date.now());
    },
    PutLogEvents: (input, request) => {
      const { name } = group(input);
      allowed(request, 'logs:PutLogEvents', name);
      const written = input.logEvents as { message: string; timestamp: number }[];
      for (const { message, timestamp } of written) logs.write(name, String(input.logStreamName), message, timestamp);
      return { nextSequenceToken: '0' };
    },
    DeleteLogGroup: (input, request) => {
      const { name } = group(input);
      allowed(request, 'logs:DeleteLogGroup', name);
      logs.remove(name);
    },
  });
}

/** Evaluates filter patterns of terms, `?term` and `-term`. Other patterns match every message. */
function matches(message: string, pattern: string): boolean {
  if (/^\s*[{[]/.test(pattern)) return true;
  const words = [...pattern.matchAll(/([?-]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign, quoted, word]) => ({
    sign,
    text: quoted ?? word!,
  }));
  const any = words.filter(({ sign }) => sign === '?');
  return (
    words.every(({ sign, text }) => sign === '?' || message.includes(text) !== (sign === '-'))
    && (any.length === 0 || any.some(({ text }) => message.includes(text)))
  );
}
