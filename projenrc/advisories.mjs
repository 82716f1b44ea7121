// Checks the inlined packages, which sbom.cdx.json names, against the security advisories of the npm registry. A project
// of an application cannot do that, because the package has no dependencies.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { components } = JSON.parse(readFileSync(join(root, 'sbom.cdx.json'), 'utf8'));
const dependencies = Object.fromEntries(components.map(({ group, name, version }) =>
  [group ? `${group}/${name}` : name, version]));

const folder = mkdtempSync(join(tmpdir(), 'advisories-'));
const npm = (...args) => spawnSync('npm', args, { cwd: folder, stdio: 'inherit' }).status;
try {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  process.exitCode = npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund')
    || npm('audit', '--audit-level=low');
} finally {
  rmSync(folder, { recursive: true });
}
