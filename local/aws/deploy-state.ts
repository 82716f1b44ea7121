import type { LogGroups } from './cloudwatch-logs/log-groups';
import type { Engine } from './cloudformation/engine/engine';

/** The stacks of a local deployment endpoint and the output of their functions, for a console. */
export interface DeployState {
  /** The stacks, newest first. */
  readonly stacks: readonly {
    readonly name: string;
    readonly status: string;
    readonly statusReason?: string;
    readonly lastUpdated: string;
    readonly outputs: readonly { readonly name: string; readonly value: string; readonly description?: string }[];
    readonly resources: readonly {
      readonly logicalId: string;
      readonly physicalId?: string;
      readonly type: string;
      readonly status: string;
      readonly statusReason?: string;
    }[];
    /** The last 100 events, newest first. */
    readonly events: readonly {
      readonly time: string;
      readonly logicalId: string;
      readonly type: string;
      readonly status: string;
      readonly statusReason?: string;
    }[];
  }[];
  /** The last 500 lines of all log groups, oldest first. The IDs increase. */
  readonly logLines: readonly {
    readonly id: string;
    readonly time: string;
    readonly logGroupName: string;
    readonly message: string;
  }[];
}

const EVENTS = 100;
const LOG_LINES = 500;

/** Returns the state of a local deployment endpoint. */
export function deployState(engine: Engine, logs: LogGroups): DeployState {
  return {
    stacks: engine.list().slice().reverse().map((stack) => ({
      name: stack.name,
      status: stack.status,
      statusReason: stack.statusReason,
      lastUpdated: (stack.deletionTime ?? stack.lastUpdatedTime ?? stack.creationTime).toISOString(),
      outputs: stack.outputs.map(({ OutputKey: name, OutputValue: value, Description: description }) =>
        ({ name, value, description })),
      resources: [...stack.resources.values()].map(({ logicalId, physicalId, type, status, statusReason }) =>
        ({ logicalId, physicalId, type, status, statusReason })),
      events: stack.events.slice(-EVENTS).reverse().map((event) => ({
        time: event.Timestamp.toISOString(),
        logicalId: event.LogicalResourceId,
        type: event.ResourceType,
        status: event.ResourceStatus,
        statusReason: event.ResourceStatusReason,
      })),
    })),
    logLines: logs.list()
      .flatMap(({ name, events }) => events.slice(-LOG_LINES).map(({ eventId: id, timestamp, message }) =>
        ({ id, time: new Date(timestamp).toISOString(), logGroupName: name, message })))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(-LOG_LINES),
  };
}
