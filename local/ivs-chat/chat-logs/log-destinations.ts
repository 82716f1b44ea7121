import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface LogEvent {
  /** The time of the event, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** The destinations of chat logs. The methods correspond to operations of Amazon S3, CloudWatch Logs and Firehose. */
export interface LogDestinations {
  putObject(bucketName: string, key: string, body: Uint8Array): Promise<void> | void;
  putLogEvents(logGroupName: string, logStreamName: string, events: readonly LogEvent[]): Promise<void> | void;
  putRecordBatch(deliveryStreamName: string, records: readonly string[]): Promise<void> | void;
}

/**
 * Writes chat logs to `s3/BUCKET/AWSLogs/…/….log.gz`, `cloudwatch-logs/GROUP/STREAM.log` and
 * `firehose/STREAM/YYYY/MM/DD/HH.json`, with one JSON record on each line. Files contain only complete records.
 */
export function folderLogDestinations(folder: string): LogDestinations {
  const append = async (file: string, lines: readonly string[]) => {
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, lines.map((line) => `${line}\n`).join(''));
  };
  return {
    async putObject(bucketName, key, body) {
      const file = join(folder, 's3', fileName(bucketName), key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.part`, body);
      await rename(`${file}.part`, file);
    },
    putLogEvents: (logGroupName, logStreamName, events) =>
      append(
        join(folder, 'cloudwatch-logs', fileName(logGroupName), `${logStreamName}.log`),
        events.map(({ message }) => message),
      ),
    putRecordBatch: (deliveryStreamName, records) => {
      const hour = new Date(JSON.parse(records[0]!).event_timestamp).toISOString().slice(0, 13).replace(/[-T]/g, '/');
      return append(join(folder, 'firehose', fileName(deliveryStreamName), `${hour}.json`), records);
    },
  };
}

/** Encodes a name that can contain slashes, or be `..`, so that the file stays in the folder. */
function fileName(name: string): string {
  return encodeURIComponent(name).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
}

/** Combines several destinations. */
export function allLogDestinations(destinations: readonly LogDestinations[]): LogDestinations {
  const all = <Args extends unknown[]>(call: (destination: LogDestinations, ...args: Args) => Promise<void> | void) =>
    async (...args: Args) => { for (const destination of destinations) await call(destination, ...args); };
  return {
    putObject: all((to, bucketName: string, key: string, body: Uint8Array) => to.putObject(bucketName, key, body)),
    putLogEvents: all((to, ...args: Parameters<LogDestinations['putLogEvents']>) => to.putLogEvents(...args)),
    putRecordBatch: all((to, ...args: Parameters<LogDestinations['putRecordBatch']>) => to.putRecordBatch(...args)),
  };
}
