// Tests of a chat page with Playwright.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  use: { baseURL: 'http://127.0.0.1:4600', launchOptions: { executablePath: process.env.CHROMIUM_PATH } },
  // The development server of the page. It also starts a local IVS Chat.
  webServer: { command: 'node server.mjs', url: 'http://127.0.0.1:4600' },
});
