import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The package as users get it. */
export interface PackedPackage {
  readonly tarball: string;
  readonly files: readonly string[];
  /** The folder in which the package is installed. */
  readonly installed: string;
}

/** Packs the package, and installs it in the `node_modules` of a folder without its peers. */
export function installPackedPackage(folder: string): PackedPackage {
  const root = join(__dirname, '..', '..');
  const installed = join(folder, 'node_modules', 'cdk-ivs-chat');
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  const tarball = join(folder, packed.filename);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1']);
  return { tarball, files: packed.files.map(({ path }: { path: string }) => path), installed };
}
