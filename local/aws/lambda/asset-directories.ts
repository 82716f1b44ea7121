import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { unzipSync } from 'fflate';
import { ResourceFailure } from '../cloudformation/resource-handler';
import { linkRuntimeModules } from './runtime-modules';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAXIMUM_UNZIPPED_BYTES = 250 * 1024 * 1024;

/** Unpacked assets on disk, one folder for each content. `close()` deletes all of them. */
export class AssetDirectories {
  private root?: string;
  private readonly directories = new Map<string, string>();

  /** @throws ResourceFailure if it is not a zip file, or has an entry outside its folder. */
  unpack(zip: Uint8Array): string {
    return this.directory(sha256(zip), () => {
      try {
        let size = 0;
        return unzipSync(zip, {
          filter: ({ originalSize }) => {
            size += originalSize;
            if (size <= MAXIMUM_UNZIPPED_BYTES) return true;
            throw new ResourceFailure(`Unzipped size must be smaller than ${MAXIMUM_UNZIPPED_BYTES} bytes`);
          },
        });
      } catch (error) {
        if (error instanceof ResourceFailure) throw error;
        throw new ResourceFailure(
          'Could not unzip uploaded file. Please check your file, then try to upload again. '
          + `(${(error as Error).message})`,
        );
      }
    });
  }

  /** Writes the inline code of a template. */
  inline(source: string): string {
    return this.directory(sha256(Buffer.from(source)), () => ({ 'index.js': Buffer.from(source) }));
  }

  close(): void {
    if (this.root) rmSync(this.root, { recursive: true, force: true });
    this.root = undefined;
    this.directories.clear();
  }

  private directory(name: string, files: () => { readonly [name: string]: Uint8Array }): string {
    const known = this.directories.get(name);
    if (known) return known;
    const contents = files();
    this.root ??= newRoot();
    const directory = path.join(this.root, name);
    for (const [file, content] of Object.entries(contents)) {
      const target = path.resolve(directory, file);
      if (target !== directory && !target.startsWith(directory + path.sep)) {
        throw new ResourceFailure(`The zip file has an entry outside its folder: ${file}`);
      }
      mkdirSync(file.endsWith('/') ? target : path.dirname(target), { recursive: true });
      if (!file.endsWith('/')) writeFileSync(target, content);
    }
    mkdirSync(directory, { recursive: true });
    this.directories.set(name, directory);
    return directory;
  }
}

function newRoot(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'local-deploy-'));
  linkRuntimeModules(root);
  return root;
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
