import type { DeployState } from '../../aws/deploy-state';
import type { RecordedRequest } from '../request-log';
import type { LoggedFrame } from '../messaging/frame-log';
import type { ActivitySecond } from './activity';
import type { ConsoleState } from './console-state';

/** A frame in the console. */
export interface ShownFrame extends Omit<LoggedFrame, 'time' | 'bytes'> {
  readonly number: number;
  readonly time: string;
  readonly bytes: number;
}

export type ShownRequest = RecordedRequest & { readonly number: number };
export type ShownLogLine = DeployState['logLines'][number];

/** The parts of the state. A part is sent as a whole after a change. */
export interface ConsoleParts extends Omit<ConsoleState, 'now' | 'frames' | 'requests'> {
  readonly service: {
    readonly region: string;
    readonly accountId: string;
    readonly faultOperations: readonly string[];
    /** The time of a virtual clock. Undefined for the system clock. */
    readonly virtualTime?: string;
    /** Whether the console has a deployment endpoint. */
    readonly hasStacks: boolean;
  };
  readonly activity: readonly ActivitySecond[];
  readonly stacks: DeployState['stacks'];
}

/** An update of the console, as the data of a server-sent event. Secrets are masked. */
export interface ConsoleUpdate {
  readonly now: string;
  /** Whether it is the first update of the connection. The console forgets its earlier state. */
  readonly isFirst: boolean;
  /** The parts that changed. */
  readonly parts: Partial<ConsoleParts>;
  /** The new frames, requests and lines of logs, oldest first. */
  readonly frames: readonly ShownFrame[];
  readonly requests: readonly ShownRequest[];
  readonly logLines: readonly ShownLogLine[];
}
