import type { Clock } from '../../clock';

/** A room, with the members of GetRoom. Rooms are immutable. An update creates another object. */
export interface Room {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly createTime: string;
  readonly updateTime: string;
  readonly maximumMessageRatePerSecond: number;
  readonly maximumMessageLength: number;
  readonly messageReviewHandler?: { readonly uri: string; readonly fallbackResult: 'ALLOW' | 'DENY' };
  readonly tags: { readonly [key: string]: string };
  readonly loggingConfigurationIdentifiers: readonly string[];
}

export interface DestinationConfiguration {
  readonly s3?: { readonly bucketName: string };
  readonly cloudWatchLogs?: { readonly logGroupName: string };
  readonly firehose?: { readonly deliveryStreamName: string };
}

export interface LoggingConfiguration {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly createTime: string;
  readonly updateTime: string;
  readonly destinationConfiguration: DestinationConfiguration;
  readonly tags: { readonly [key: string]: string };
  /** The state transition and its end, in milliseconds since 1970. Undefined if the state is ACTIVE. */
  readonly transition?: { readonly state: 'CREATING' | 'UPDATING' | 'DELETING'; readonly until: number };
}

export function loggingConfigurationState(
  { transition }: LoggingConfiguration,
  now: number,
): 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE' {
  // A deleted configuration stays here until the next request, and must not become ACTIVE again.
  const isOver = !transition || (transition.until <= now && transition.state !== 'DELETING');
  return isOver ? 'ACTIVE' : transition.state;
}

/** Receives each change before it takes effect. If the listener throws, the change fails. */
export type ChangeListener<T> = (change: { readonly put: T } | { readonly delete: string }) => void;

interface Version<T> {
  /** Undefined for a deleted resource. */
  readonly resource?: T;
  readonly sequence: number;
  readonly visibleFrom: number;
  readonly before?: Version<T>;
}

/** The resources of one type in all accounts and Regions, in the order of their last update. */
export class ResourceStore<T extends { readonly arn: string; readonly updateTime: string }> {
  private readonly versions = new Map<string, Version<T>>();
  private sequence = 0;

  /** @param readDelay The delay until readers see a change, in milliseconds. */
  constructor(
    private readonly clock: Clock,
    private readonly readDelay: number,
    private readonly onChange: ChangeListener<T>,
  ) {}

  /** Returns the newest version, for changes. */
  get(arn: string): T | undefined {
    return this.versions.get(arn)?.resource;
  }

  /** Returns the version that readers see. */
  read(arn: string): T | undefined {
    return this.visible(this.versions.get(arn))?.resource;
  }

  put(resource: T): void {
    this.onChange({ put: resource });
    this.load(resource);
  }

  /** Adds or replaces a resource without a call of the listener. */
  load(resource: T): void {
    const before = this.versions.get(resource.arn);
    const moves = before?.resource?.updateTime !== resource.updateTime;
    if (moves) this.versions.delete(resource.arn);
    this.versions.set(resource.arn, this.version(before, resource, moves ? ++this.sequence : before!.sequence));
  }

  delete(arn: string): void {
    const before = this.versions.get(arn);
    if (!before?.resource) return;
    this.onChange({ delete: arn });
    if (this.readDelay === 0) this.versions.delete(arn);
    else this.versions.set(arn, this.version(before, undefined, before.sequence));
  }

  /** Returns the versions that readers see in an account and Region, last updated first, with their position. */
  list(arnPrefix: string): { readonly resource: T; readonly sequence: number }[] {
    const seen: { resource: T; sequence: number }[] = [];
    for (const [arn, newest] of this.versions) {
      const version = this.visible(newest);
      if (version?.resource && arn.startsWith(arnPrefix)) {
        seen.push({ resource: version.resource, sequence: version.sequence });
      } else if (version === newest && !newest.resource) {
        this.versions.delete(arn); // no reader sees an earlier version any more
      }
    }
    return this.readDelay === 0 ? seen.reverse() : seen.sort((a, b) => b.sequence - a.sequence);
  }

  /** Returns the number of resources in an account and Region. */
  count(arnPrefix: string): number {
    let count = 0;
    for (const { arn } of this.all()) if (arn.startsWith(arnPrefix)) count++;
    return count;
  }

  /** Returns the newest versions of all resources. */
  *all(): Generator<T> {
    for (const { resource } of this.versions.values()) if (resource) yield resource;
  }

  private version(before: Version<T> | undefined, resource: T | undefined, sequence: number): Version<T> {
    if (this.readDelay === 0) return { resource, sequence, visibleFrom: 0 };
    // Keeps only the versions that readers can still see.
    const pending = before && this.visible(before) === before ? { ...before, before: undefined } : before;
    return { resource, sequence, visibleFrom: this.clock.now() + this.readDelay, before: pending };
  }

  private visible(newest: Version<T> | undefined): Version<T> | undefined {
    let version = newest;
    while (version && version.visibleFrom > this.clock.now()) version = version.before;
    return version;
  }
}
