import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs packages of npm in a folder, for tests with peers that are too large for devDependencies.
 *
 * @returns Whether the packages are installed. Otherwise, a warning names the tests that are skipped.
 */
export function installFromNpm(folder: string, packages: readonly string[], tests: string): boolean {
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const options = { cwd: folder, stdio: 'pipe', timeout: 180_000 } as const;
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], options);
    return true;
  } catch {
    console.warn(`SKIPPED: ${tests}, because npm cannot install ${packages.join(', ')}`);
    return false;
  }
}
