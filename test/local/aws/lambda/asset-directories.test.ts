import { zipSync } from 'fflate';
import { AssetDirectories } from '../../../../local/aws/lambda/asset-directories';

const directories = new AssetDirectories();
afterAll(() => directories.close());

/** Returns a zip file whose entry claims this size. */
function zipOf(size: number): Buffer {
  const zip = Buffer.from(zipSync({ 'index.js': new Uint8Array(10) }));
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  zip.writeUInt32LE(size, entry + 24);
  return zip;
}

test('a deployment package of more than 250 MB is refused', () => {
  expect(() => directories.unpack(zipOf(262_144_001))).toThrow('Unzipped size must be smaller than 262144000 bytes');
  expect(directories.unpack(zipOf(10))).toContain('local-deploy-');
});

test('a file that is not a zip file is refused', () => {
  expect(() => directories.unpack(Buffer.from('carrot'))).toThrow('Could not unzip uploaded file');
});
