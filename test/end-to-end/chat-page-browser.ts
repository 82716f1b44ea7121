import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../chromium';

/** The chat page in Chromium. */
export class ChatPageBrowser {
  static async launch(origin: string): Promise<ChatPageBrowser> {
    const browser = await launchChromium();
    return new ChatPageBrowser(browser, origin);
  }

  /** The uncaught errors and the dialogs of all pages. */
  readonly errors: string[] = [];

  private constructor(private readonly browser: Browser, private readonly origin: string) {}

  /** Opens the page in a context of its own. */
  async open(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: 1100, height: 720 };
    const context = await this.browser.newContext({ viewport, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('dialog', (dialog) => {
      this.errors.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${this.origin}/${hash}`);
    await page.getByLabel('Your name').waitFor();
    return page;
  }

  /** Opens the page and joins the chat. */
  async join(name: string, hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(hash, options);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Join' }).click();
    await connected(page);
    return page;
  }

  async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** Waits until the page is connected. */
export function connected(page: Page): Promise<void> {
  return page.getByText('Connected', { exact: true }).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

/** Chooses an item in the menu of a message. */
export async function choose(page: Page, name: string, text: string, item: string): Promise<void> {
  const message = page.getByRole('article').filter({ hasText: text });
  await message.hover();
  await message.getByRole('button', { name: `Actions: ${name}, ${text}` }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Returns the problems that axe finds in the page. */
export async function axeProblems(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  const { violations } = await page.evaluate(
    (runOnly) => (globalThis as any).axe.run(runOnly && { runOnly: [...runOnly] }), rules);
  return violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
}
