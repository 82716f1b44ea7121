import { gzipSync } from 'node:zlib';
import type { Clock } from '../../clock';
import type { Random } from '../ids';
import type { LogDestinations } from './log-destinations';
import type { RoomFrame } from '../messaging/messaging';
import type { RequestLog } from '../request-log';
import {
  loggingConfigurationState,
  type LoggingConfiguration,
  type ResourceStore,
  type Room,
} from '../state/resource-store';

/** A delivery of chat logs, for the console. */
export interface LogDelivery {
  readonly time: string;
  readonly loggingConfigurationArn: string;
  readonly roomArn: string;
  /** The bucket and key, the log group and stream, or the delivery stream. */
  readonly destination: string;
  readonly records: number;
  readonly error?: string;
}

interface Batch {
  readonly configuration: LoggingConfiguration;
  readonly roomArn: string;
  readonly lines: string[];
  readonly timestamps: number[];
}

const VERSION = '1.0';
const REMEMBERED = 100;
/** The number of records that are delivered without a delay, to limit memory use. */
const MAXIMUM_BATCH = 1000;

/**
 * Delivers the messages and events of rooms to the destinations of their logging configurations.
 *
 * @see https://docs.aws.amazon.com/ivs/latest/ChatUserGuide/chat-logging.html
 */
export class ChatLogs {
  readonly deliveries: LogDelivery[] = [];
  private batches = new Map<string, Batch>();
  private timer: unknown;
  private delivering: Promise<void> = Promise.resolve();

  constructor(
    private readonly resources: {
      readonly rooms: ResourceStore<Room>;
      readonly loggingConfigurations: ResourceStore<LoggingConfiguration>;
    },
    private readonly destinations: LogDestinations,
    private readonly delayMilliseconds: number,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly log: RequestLog,
  ) {}

  /** Records a message or an event for each ACTIVE logging configuration of its room. */
  record(roomArn: string, frame: RoomFrame): void {
    const identifiers = this.resources.rooms.get(roomArn)?.loggingConfigurationIdentifiers ?? [];
    if (identifiers.length === 0) return;
    const now = this.clock.now();
    const line = JSON.stringify({
      event_timestamp: new Date(now).toISOString(),
      type: frame.Type,
      payload: frame,
      version: VERSION,
    });
    for (const identifier of identifiers) {
      const configuration = this.resources.loggingConfigurations.get(identifier);
      if (!configuration || loggingConfigurationState(configuration, now) !== 'ACTIVE') continue;
      const name = `${identifier} ${roomArn}`;
      const batch = this.batches.get(name) ?? { configuration, roomArn, lines: [], timestamps: [] };
      this.batches.set(name, batch);
      batch.timestamps.push(now);
      if (batch.lines.push(line) >= MAXIMUM_BATCH) void this.flush();
    }
    if (this.batches.size && this.timer === undefined) {
      this.timer = this.clock.setTimeout(() => void this.flush(), this.delayMilliseconds);
    }
  }

  /** Delivers the pending records after the running delivery. Never rejects. `deliveries` contains the failures. */
  flush(): Promise<void> {
    this.clock.clearTimeout(this.timer);
    this.timer = undefined;
    const batches = [...this.batches.values()];
    this.batches = new Map();
    this.delivering = this.delivering.then(async () => {
      for (const batch of batches) await this.deliver(batch);
    });
    return this.delivering;
  }

  private async deliver({ configuration, roomArn, lines, timestamps }: Batch): Promise<void> {
    const { s3, cloudWatchLogs, firehose } = configuration.destinationConfiguration;
    const now = new Date(this.clock.now());
    let destination = '';
    let error: string | undefined;
    try {
      if (s3) {
        const key = objectKey(roomArn, now, Buffer.from(this.random(4)).toString('hex'));
        destination = `s3://${s3.bucketName}/${key}`;
        await this.destinations.putObject(s3.bucketName, key, gzipSync(lines.map((line) => `${line}\n`).join('')));
      } else if (cloudWatchLogs) {
        const stream = `aws/IVSChatLogs/${VERSION}/room_${idOf(roomArn)}`;
        destination = `${cloudWatchLogs.logGroupName} ${stream}`;
        const events = lines.map((message, i) => ({ timestamp: timestamps[i]!, message }));
        await this.destinations.putLogEvents(cloudWatchLogs.logGroupName, stream, events);
      } else if (firehose) {
        destination = firehose.deliveryStreamName;
        await this.destinations.putRecordBatch(firehose.deliveryStreamName, lines);
      }
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : 'the destination failed';
      this.log.add({
        time: now.toISOString(),
        requestId: '',
        operation: 'LogDelivery',
        status: 0,
        error,
        caller: configuration.arn,
      });
    }
    const { arn: loggingConfigurationArn } = configuration;
    this.deliveries.push({
      time: now.toISOString(),
      loggingConfigurationArn,
      roomArn,
      destination,
      records: lines.length,
      error,
    });
    if (this.deliveries.length > REMEMBERED) this.deliveries.shift();
  }
}

const idOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

/**
 * Returns the key of a log object, such as the file
 * `123456789012_IVSChatLogs_1.0_us-west-2_room_abc123DEF456_20221014T1740Z_1766dcbc.log.gz` in the folder
 * `AWSLogs/123456789012/IVSChatLogs/1.0/us-west-2/room_abc123DEF456/2022/10/14/17`.
 */
function objectKey(roomArn: string, time: Date, hash: string): string {
  const [, , , region, account] = roomArn.split(':');
  const [year, month, day, hour, minute] = time.toISOString().split(/\D/);
  const room = `room_${idOf(roomArn)}`;
  const minuteOfFile = `${year}${month}${day}T${hour}${minute}Z`;
  const file = `${account}_IVSChatLogs_${VERSION}_${region}_${room}_${minuteOfFile}_${hash}.log.gz`;
  return `AWSLogs/${account}/IVSChatLogs/${VERSION}/${region}/${room}/${year}/${month}/${day}/${hour}/${file}`;
}
