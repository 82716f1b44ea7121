import { Hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { ResourceFailure } from '../../../../local/aws/cloudformation/resource-handler';
import { AssetDirectories } from '../../../../local/aws/lambda/asset-directories';

const directories = new AssetDirectories();
afterAll(() => directories.close());

/** Returns a zip file. Its entries claim these sizes. */
function zipOf(...sizes: number[]): Buffer {
  const entries = sizes.map((_, index) => [`${index}.js`, new Uint8Array(10)]);
  const zip = Buffer.from(zipSync(Object.fromEntries(entries), { level: 0 }));
  let entry = 0;
  for (const size of sizes) {
    entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]), entry + 1);
    zip.writeUInt32LE(size, entry + 24);
  }
  return zip;
}

test('a zip file can have folders, and none of its entries is missing', () => {
  const folders = { './': new Uint8Array(), 'empty/': new Uint8Array() };
  const entries = { ...folders, 'a/b/c.js': Buffer.from('c'), 'd.js': Buffer.from('d') };
  const directory = directories.unpack(zipSync(entries));
  expect(['empty', 'a/b/c.js', 'd.js'].filter((name) => existsSync(join(directory, name)))).toHaveLength(3);
  expect([readFileSync(join(directory, 'a/b/c.js'), 'utf8'), readFileSync(join(directory, 'd.js'), 'utf8')])
    .toEqual(['c', 'd']);
  expect(existsSync(directories.unpack(zipSync({})))).toBe(true);
});

test('a deployment package of more than 250 MB is refused', () => {
  for (const sizes of [[262_144_001], [131_072_000, 131_072_001]]) {
    expect(() => directories.unpack(zipOf(...sizes)))
      .toThrow(new ResourceFailure('Unzipped size must be smaller than 262144000 bytes'));
  }
  for (const sizes of [[10], [262_144_000], [131_072_000, 131_072_000]]) {
    expect(directories.unpack(zipOf(...sizes))).toContain('local-deploy-');
  }
});

test('a file that is not a zip file is refused', () => {
  expect(() => directories.unpack(Buffer.from('carrot')))
    .toThrow(/^Could not unzip uploaded file\. Please check your file, then try to upload again\. \(.+\)$/);
});

test('an entry outside the folder is refused, also in a folder with a similar name', () => {
  const names = ['../outside.js', 'a/../../outside.js', '/outside.js', '../asset-outside/index.js'];
  for (const name of names) {
    // The folder of an asset is named after the hash of the asset, which is not known before.
    const digest = jest.spyOn(Hash.prototype, 'digest').mockReturnValue('asset' as never);
    try {
      // It is refused again, although a part of the folder can exist.
      for (let count = 0; count < 2; count++) {
        expect(() => directories.unpack(zipSync({ [name]: new Uint8Array(1) }))).toThrow(`outside its folder: ${name}`);
      }
    } finally {
      digest.mockRestore();
    }
  }
});

test('the same content has the same folder, until all are deleted', () => {
  const directory = directories.inline('exports.a = 1;');
  expect(readFileSync(join(directory, 'index.js'), 'utf8')).toBe('exports.a = 1;');
  expect(directories.inline('exports.a = 1;')).toBe(directory);
  for (const other of ['exports.a = 2;', 'exports.a = 1;\n']) {
    expect(readFileSync(join(directories.inline(other), 'index.js'), 'utf8')).toBe(other);
  }
  expect(existsSync(directory)).toBe(true);
  directories.close();
  expect(existsSync(directory)).toBe(false);
  const again = directories.inline('exports.a = 1;');
  expect(existsSync(again)).toBe(true);
  // Something else can have deleted the folders before.
  rmSync(dirname(again), { recursive: true });
  directories.close();
});

test('functions find the AWS SDK of the application in the working directory, also after all are deleted', () => {
  const application = mkdtempSync(join(tmpdir(), 'application-'));
  mkdirSync(join(application, 'node_modules/@aws-sdk/client-of-the-application'), { recursive: true });
  const workingDirectory = jest.spyOn(process, 'cwd').mockReturnValue(application);
  try {
    for (let count = 0; count < 2; count++) {
      directories.close();
      const root = dirname(directories.inline('exports.a = 1;'));
      expect(existsSync(join(root, 'node_modules/@aws-sdk/client-of-the-application'))).toBe(true);
    }
  } finally {
    workingDirectory.mockRestore();
    rmSync(application, { recursive: true });
  }
});
