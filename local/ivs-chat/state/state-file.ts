import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { LoggingConfiguration, Room } from './resource-store';

/** A line of the state file. */
export type StateChange =
  { readonly room: Room } | { readonly loggingConfiguration: LoggingConfiguration } | { readonly delete: string };

const HEADER = { format: 'Local IVS Chat state', version: 1 };

/**
 * A journal of rooms and logging configurations, with one change as JSON on each line. A change is acknowledged after
 * it is appended.
 *
 * If the process is killed, no acknowledged change is lost. If the machine loses power, the last changes can be lost.
 * When the file is opened, it is rewritten without outdated changes.
 */
export class StateFile {
  /** Opens or creates the file. @throws if another running process uses it, or if it is not a state file. */
  static open(path: string): { readonly file: StateFile; readonly changes: StateChange[] } {
    lock(`${path}.lock`);
    try {
      const changes = existsSync(path) ? latest(read(path)) : [];
      const next = `${path}.next`;
      writeFileSync(next, [HEADER, ...changes].map((line) => `${JSON.stringify(line)}\n`).join(''));
      const descriptor = openSync(next, 'a');
      fsyncSync(descriptor);
      renameSync(next, path);
      return { file: new StateFile(path, descriptor), changes };
    } catch (error) {
      rmSync(`${path}.lock`, { force: true });
      throw error;
    }
  }

  private constructor(private readonly path: string, private readonly descriptor: number) {}

  /** Appends a change. @throws if the write fails, so that the change is not acknowledged. */
  append(change: StateChange): void {
    const line = Buffer.from(`${JSON.stringify(change)}\n`);
    for (let written = 0; written < line.length;) written += writeSync(this.descriptor, line, written);
  }

  close(): void {
    closeSync(this.descriptor);
    rmSync(`${this.path}.lock`, { force: true });
  }
}

function read(path: string): StateChange[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop(); // an incomplete last line was never acknowledged
  const parsed = lines.map((line, index) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(
        `${path}, line ${index + 1} is not valid JSON. Repair the line, or remove the file to start with an empty `
        + 'state.',
      );
    }
  });
  if (parsed.length && parsed[0].format !== HEADER.format) {
    throw new Error(`${path} is not a state file of the local IVS Chat. Specify another path.`);
  }
  if (parsed.length && parsed[0].version !== HEADER.version) {
    throw new Error(`${path} has version ${parsed[0].version}, but this release supports version ${HEADER.version}`);
  }
  return parsed.slice(1);
}

/** Returns the last change of each existing resource, in the order of these changes. */
function latest(changes: readonly StateChange[]): StateChange[] {
  const byArn = new Map<string, StateChange>();
  for (const change of changes) {
    const arn = 'delete' in change ? change.delete : resourceOf(change).arn;
    const before = byArn.get(arn);
    const moves = !before || JSON.stringify(updateTime(before)) !== JSON.stringify(updateTime(change));
    if (moves) byArn.delete(arn);
    if (!('delete' in change)) byArn.set(arn, change);
  }
  return [...byArn.values()];
}

const updateTime = (change: StateChange) => ('delete' in change ? '' : resourceOf(change).updateTime);

function resourceOf(change: Exclude<StateChange, { readonly delete: string }>): Room | LoggingConfiguration {
  return 'room' in change ? change.room : change.loggingConfiguration;
}

/** Prevents that two processes use the same file. */
function lock(path: string): void {
  const owner = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  if (owner && owner !== process.pid && isAlive(owner)) {
    throw new Error(`${path}: process ${owner} uses this state file. End the process or specify another path.`);
  }
  writeFileSync(path, String(process.pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
