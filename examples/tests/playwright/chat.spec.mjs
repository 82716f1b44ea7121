import { expect, test } from '@playwright/test';

/** Opens the chat page as a user. */
async function enter(context, userId) {
  const page = await context.newPage();
  await page.goto(`/#${userId}`);
  await expect(page.getByRole('status')).toHaveText('connected');
  return page;
}

test('two users chat', async ({ context }) => {
  const [ada, grace] = [await enter(context, 'ada'), await enter(context, 'grace')];
  await ada.getByLabel('Message', { exact: true }).fill('Good evening');
  await ada.keyboard.press('Enter');
  for (const page of [ada, grace]) {
    await expect(page.getByRole('listitem')).toHaveText(['ada: Good evening']);
  }
});

test('the page connects again after the network was lost', async ({ context }) => {
  const ada = await enter(context, 'ada');
  await context.setOffline(true);
  await context.setOffline(false);
  await expect(ada.getByRole('status')).toHaveText('connected');
  await ada.getByLabel('Message', { exact: true }).fill('Still here');
  await ada.keyboard.press('Enter');
  await expect(ada.getByText('ada: Still here')).toBeVisible();
});
