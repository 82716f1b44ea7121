// Checks the inlined packages, which sbom.cdx.json names, against the security advisories of the npm registry. A project
// of an application cannot do that, because the package has no dependencies.
//
// Exits with 1 if a package has an advisory, and with 2 if the registry did not answer.
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
const npm = (...args) => spawnSync('npm', [...args, '--json'], { cwd: folder, encoding: 'utf8' });

/** Explains why the packages were not checked. */
function notChecked({ stderr }) {
  console.error(`NOT CHECKED: the npm registry did not give the advisories.\n${stderr.trim()}`);
  console.error('Some mirrors have packages but no advisories. To use another registry, set `npm_config_registry`.');
  return 2;
}

function check() {
  const installed = npm('install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund');
  if (installed.status !== 0) return notChecked(installed);

  const audited = npm('audit', '--audit-level=low');
  const { vulnerabilities } = JSON.parse(audited.stdout || '{}');
  if (!vulnerabilities) return notChecked(audited);

  for (const { name, via } of Object.values(vulnerabilities)) {
    const advisories = via.filter((one) => one.url);
    for (const { severity, title, url } of advisories) console.error(`${name}: ${severity}: ${title}: ${url}`);
  }
  if (Object.keys(vulnerabilities).length > 0) return 1;

  console.log(`No advisories for ${Object.entries(dependencies).map((one) => one.join('@')).join(', ')}.`);
  return 0;
}

try {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  process.exitCode = check();
} finally {
  rmSync(folder, { recursive: true });
}
