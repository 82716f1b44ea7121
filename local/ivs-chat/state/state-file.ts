import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import type { LoggingConfiguration, Room } from './resource-store';

/** One line of the file. */
export type StateChange = { readonly room: Room } | { readonly loggingConfiguration: LoggingConfiguration } | { readonly delete: string };

const HEADER = { format: 'Local IVS Chat state', version: 1 };

/**
 * Rooms and logging configurations as a journal: JSON, one change a line, appended before the change is acknowledged.
 *
 * A process that is killed loses nothing acknowledged, because what `write` has taken belongs to the kernel; only a
 * machine that loses power may. Reading it back needs no database, and a person can read it too. It is written anew,
 * without what is past, whenever it is opened.
 */
export class StateFile {
  /** Opens or makes the file. Throws when another process that is alive uses it, or when it is not such a file. */
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

  /** Throws when it cannot be kept, so that it is not acknowledged. */
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
  lines.pop(); // what a kill has cut off was never acknowledged
  const parsed = lines.map((line, index) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(`${path}, line ${index + 1} is not JSON: repair it, or remove the file to begin anew`);
    }
  });
  if (parsed.length && parsed[0].format !== HEADER.format) throw new Error(`${path} is not a state file of the local IVS Chat: give another path`);
  if (parsed.length && parsed[0].version !== HEADER.version) throw new Error(`${path} has the version ${parsed[0].version}: this release reads ${HEADER.version}`);
  return parsed.slice(1);
}

/** The last change of each resource that is still there, in the order of these changes. */
function latest(changes: readonly StateChange[]): StateChange[] {
  const byArn = new Map<string, StateChange>();
  for (const change of changes) {
    const arn = 'room' in change ? change.room.arn : 'loggingConfiguration' in change ? change.loggingConfiguration.arn : change.delete;
    const before = byArn.get(arn);
    const moves = !before || JSON.stringify(updateTime(before)) !== JSON.stringify(updateTime(change));
    if (moves) byArn.delete(arn);
    if (!('delete' in change)) byArn.set(arn, change);
  }
  return [...byArn.values()];
}

const updateTime = (change: StateChange) => ('room' in change ? change.room.updateTime : 'loggingConfiguration' in change ? change.loggingConfiguration.updateTime : '');

/** Two processes that append to one file would each lose what the other has. */
function lock(path: string): void {
  const owner = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  if (owner && owner !== process.pid && isAlive(owner)) throw new Error(`${path}: the process ${owner} uses this state file; end it or give another path`);
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
