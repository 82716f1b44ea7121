/** The pictures in docs/pictures show the current example: its text is the recorded one. Pixels are not compared. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { canTakePictures, startStage, textOf, type Stage } from './scenes';
import { chromiumPath, launchChromium } from '../chromium';

jest.setTimeout(180_000);

const root = join(__dirname, '..', '..');
const folder = join(root, 'docs', 'pictures');
const isPossible = canTakePictures && chromiumPath !== undefined;
if (!isPossible) console.warn('SKIPPED: the pictures of the documentation, without Chromium or the program `script`');

const scenes = ['terminal', 'chat', 'console'];

(isPossible ? describe : describe.skip)('the running example', () => {
  let stage: Stage;
  let browser: Browser;

  beforeAll(async () => {
    stage = await startStage();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  test.each(scenes)('has the text of the picture %s. If it differs, run npx projen pictures', async (name) => {
    const scene = stage.scenes.find((candidate) => candidate.name === name)!;
    const { width, height, show } = scene;
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    await show(page);
    expect(await textOf(page, scene)).toBe(readFileSync(join(folder, `${name}.txt`), 'utf8'));
    await page.close();
  });
});

test('each scene has a picture in both color schemes, and all pictures together are smaller than 1 MB', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.webp'));
  expect(files.sort()).toEqual(scenes.flatMap((name) => [`${name}-dark.webp`, `${name}-light.webp`]).sort());
  expect(files.reduce((bytes, file) => bytes + statSync(join(folder, file)).size, 0)).toBeLessThan(1_000_000);
});

test('the README shows existing pictures, with a text for people who do not see them', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, file]) => file!);
  expect(shown.length).toBeGreaterThanOrEqual(2);
  expect(shown.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  for (const [image] of readme.matchAll(/<img [^>]*>/g)) expect(image).toMatch(/ alt="[^"]{20,}"/);
});
