import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Starts an in-memory DynamoDB. */
export type Dynalite = (options: {
  readonly createTableMs: number;
  readonly updateTableMs: number;
  readonly deleteTableMs: number;
}) => Server;

/**
 * Loads the package dynalite, an optional peer dependency, from the dependencies of this package or of the application
 * in the working directory.
 *
 * @throws an error with the command that installs the package if it is missing.
 */
export function loadDynalite(folders: readonly string[] = [__dirname, process.cwd()]): Dynalite {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, 'index.js'))('dynalite') as Dynalite;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error('DynamoDB tables require the package dynalite. Run: npm install --save-dev dynalite');
}
