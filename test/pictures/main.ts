/**
 * Takes the pictures in docs/pictures from the running example, in the light and the dark color scheme, and records the
 * text that they show. `npx projen pictures` runs it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStage, textOf } from './scenes';
import { launchChromium } from '../chromium';

const folder = join(__dirname, '..', '..', 'docs', 'pictures');
/** The pictures are sharp on screens with a high density. */
const deviceScaleFactor = 2;
const QUALITY = 0.8;

async function main() {
  mkdirSync(folder, { recursive: true });
  const stage = await startStage();
  const browser = await launchChromium();
  try {
    const encoder = await browser.newPage();
    for (const scene of stage.scenes) {
      const { name, width, height, show } = scene;
      const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor, reducedMotion: 'reduce' });
      await show(page);
      writeFileSync(join(folder, `${name}.txt`), await textOf(page, scene));
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const shot = name === 'terminal' ? page.locator('main') : page;
        const png = await shot.screenshot({ animations: 'disabled', caret: 'hide', omitBackground: true });
        const webp = await encoder.evaluate(toWebp, { png: png.toString('base64'), quality: QUALITY });
        writeFileSync(join(folder, `${name}-${colorScheme}.webp`), Buffer.from(webp, 'base64'));
      }
      await page.close();
    }
  } finally {
    await browser.close();
    await stage.close();
  }
}

/** Converts a picture in the browser, because Playwright writes no WebP. */
async function toWebp({ png, quality }: { png: string; quality: number }): Promise<string> {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')!.drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', quality).split(',')[1]!;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
