import { LANGUAGES } from '../support/words';
import { expect, test } from '../support/fixture';
import { arrive, expectState, latestCode, numberShown } from '../support/journey';
import { PHONE } from '../support/phones';

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`in ${words.language}`, () => {
    test.use({ locale });

    test('a person signs up with a number and a code, is welcomed, and signs out', async ({ page }) => {
      await arrive(page);
      await expect(page.locator('html')).toHaveAttribute('lang', words.tag);
      await expect(page).toHaveTitle(`${words.signUpTitle} · Beonho`);
      await page.getByLabel(words.number, { exact: true }).fill('01012345678');
      await page.getByRole('button', { name: words.send, exact: true }).click();

      await expect(page.getByRole('heading', { name: words.codeTitle })).toBeVisible();
      await expect(page.locator('#message')).toHaveText(words.sent);
      await expect(numberShown(page)).toHaveText(PHONE.masked);
      await expect(page.locator('#expiry')).toHaveText(words.timeLeft);
      await expect(page.locator('#attempts')).toHaveText(words.attempts);
      await expect(page.getByLabel(words.code)).toBeFocused();
      await page.getByLabel(words.code).fill(await latestCode(page));

      await expect(page.getByRole('heading', { name: words.verified })).toBeVisible();
      await expect(page.getByLabel(words.nickname)).toBeFocused();
      await page.getByLabel(words.nickname).fill('민지');
      await page.getByRole('button', { name: words.signUp, exact: true }).click();

      await expect(page).toHaveURL('/welcome');
      await expect(page.getByRole('heading', { name: words.welcome })).toBeVisible();
      await expect(page.locator('.welcome .lead')).toHaveText(words.greeting);
      await expect(page.locator('dd .number')).toHaveText(PHONE.masked);

      await page.getByRole('button', { name: words.signOut }).click();
      await expect(page).toHaveURL('/');
      await expectState(page, 'none');
    });
  });
}

test('the inbox shows a text as it is sent, without a reload', async ({ page, context }) => {
  const phone = await context.newPage();
  await phone.goto('/inbox');
  await expect(phone.locator('[data-message]')).toHaveCount(0);
  await arrive(page);
  await page.getByLabel('Mobile number', { exact: true }).fill(PHONE.typed);
  await page.keyboard.press('Enter');
  await expectState(page, 'pending');
  await phone.bringToFront();
  await expect(phone.locator('[data-message]')).toHaveText(/010-\*{4}-5678.*\[Beonho\] .*\[(\d{6})\][^]*@localhost #\1$/);
});
