// Combines the declarations of each subpath in one file without imports of the sources, and writes the reports in api/.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const sources = {
  client: 'lambda/client',
  runtime: 'lambda/runtime',
  blocklist: 'lambda/blocklist',
  session: 'front-end/session',
  react: 'front-end/react',
  local: 'local',
};
for (const [name, source] of Object.entries(sources)) {
  const entry = join(root, '.declarations', source, 'index.d.ts');
  if (!existsSync(entry)) continue;
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(root, 'projenrc', 'declarations.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(root, 'projenrc', 'declarations.tsconfig.json') },
      dtsRollup: { enabled: true, untrimmedFilePath: join(root, 'lib', name, 'index.d.ts') },
      // Review each change of the reports. CI fails if they are not committed.
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, 'api'),
        reportTempFolder: join(root, '.declarations', 'api'),
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } }, // The messages are about documentation.
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, { localBuild: true, showVerboseMessages: false });
  if (!succeeded) process.exit(1);
  // ES modules need a file of their own: TypeScript reads a .d.ts of a package without "type": "module" as CommonJS.
  writeFileSync(join(root, 'lib', name, 'index.d.mts'), "export * from './index.js';\n");
}
