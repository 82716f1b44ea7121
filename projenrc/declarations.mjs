// Rolls the declarations of each subpath up into one self-contained file.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

for (const [name, source] of Object.entries({ client: 'lambda/client', runtime: 'lambda/runtime', local: 'local' })) {
  const entry = join(root, '.declarations', source, 'index.d.ts');
  if (!existsSync(entry)) continue;
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(root, 'projenrc', 'declarations.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: { tsconfigFilePath: join(root, 'projenrc', 'declarations.tsconfig.json') },
      dtsRollup: { enabled: true, untrimmedFilePath: join(root, 'lib', name, 'index.d.ts') },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' } }, // these declarations are for compilers; readers have the docs
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, { localBuild: true, showVerboseMessages: false });
  if (!succeeded) process.exit(1);
  // one for ESM, because a .d.ts of a package without "type": "module" is CommonJS to TypeScript
  writeFileSync(join(root, 'lib', name, 'index.d.mts'), "export * from './index.js';\n");
}
