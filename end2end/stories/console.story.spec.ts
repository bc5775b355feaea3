import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { consoleEnv, consoleOf, enter, linkTo, lookUp, pump } from '../support/console';
import { axe, expect, test } from '../support/fixture';
import { enterCode, expectState, latestCode, requestCode, signUp } from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

const PICTURES = fileURLToPath(new URL('../.output/console/', import.meta.url));

const GUARD = { GUARD_MODE: 'on', PRICES: '{"KR": "9 KRW"}', BUDGET_PER_DAY: '50000 KRW' };

test.use({
  javaScriptEnabled: false,
  serverEnv: async ({}, use) => use({ ...(await consoleEnv()), ADMIN_NUMBERS: PHONE.typed, ABUSE_THRESHOLDS: 'browser=1 address=1 prefix=1', ...GUARD }),
});

/** Legible in both themes, within the window, and large enough for a thumb. What is wider scrolls by itself. */
async function look(page: Page, name: string): Promise<void> {
  // Without its style a page is as wide as its tables.
  await page.waitForLoadState('load');
  const [scrollWidth = 0, clientWidth = 0] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(scrollWidth, `the width of ${name}`).toBeLessThanOrEqual(clientWidth);
  for (const target of await page.locator('button, input:not([type=hidden]), summary, a').filter({ visible: true }).all()) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.evaluate((one) => one.outerHTML)).toBeGreaterThanOrEqual(24);
  }
  const language = await page.locator('html').getAttribute('lang');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await axe(page);
    await page.screenshot({ path: `${PICTURES}${language}-${clientWidth}-${colorScheme}/${name}.png`, fullPage: true });
  }
}

/** Somebody signs up, and somebody asks for a code and leaves. */
async function aDay(page: Page): Promise<void> {
  await page.goto('/');
  await requestCode(page, OTHER_PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await page.context().clearCookies();
  await page.goto('/');
  await requestCode(page, '010-7777-0001');
  await page.goto('/');
  await expectState(page, 'pending');
}

/** A hold is lifted: not without a reason. */
async function decide(page: Page): Promise<void> {
  await page.locator('nav a[href="/holds"]').click();
  await expect(page.getByText('+82109999****').first()).toBeVisible();
  await look(page, 'holds');
  await page.locator('input[name=reason]').fill(' ');
  await page.locator('button[value=lift]').click();
  await expect(page.locator('input[name=reason]')).toHaveAttribute('aria-invalid', 'true');
  await look(page, 'no-reason-to-lift');
  await page.locator('input[name=reason]').fill('a school class');
  await page.locator('button[value=lift]').click();
  await expect(page.locator('button[value=lift]')).toHaveCount(0);
  await look(page, 'lifted');
}

for (const [locale, words] of Object.entries(LANGUAGES)) {
  for (const width of [390, 1280]) {
    test.describe(`the console in ${words.language}, ${width} pixels wide, without JavaScript`, () => {
      test.use({ locale, viewport: { width, height: 780 } });

      test('every screen can be read and used', async ({ page, beonho, complaints }) => {
        test.setTimeout(300_000);
        complaints.allowStatus(404, 410, 422);
        await aDay(page);
        await pump(beonho);
        const link = await linkTo(beonho);
        await page.goto(link);
        await look(page, 'enter');
        await page.locator('#enter button').click();
        await expect(page.locator('#operator')).toContainText('mina');
        await page.locator('details summary').click();
        await look(page, 'today');
        for (const screen of ['places', 'abuse', 'audit']) {
          await page.locator(`nav a[href="/${screen}"]`).click();
          await expect(page.locator('[aria-current=page]')).toHaveAttribute('href', `/${screen}`);
          await look(page, screen);
        }
        await decide(page);
        await lookUp(page, 'mina');
        await expect(page.locator('#phone_number')).toHaveValue('mina');
        await look(page, 'no-number');
        await lookUp(page, OTHER_PHONE.typed);
        await expect(page.locator('#masked')).toHaveText(OTHER_PHONE.maskedAbroad);
        await look(page, 'number');
        await page.locator('#unlock-reason').fill(' ');
        await page.locator('#unlock button').click();
        await expect(page.locator('#unlock-reason')).toHaveAttribute('aria-invalid', 'true');
        await look(page, 'no-reason');
        await page.locator('#unlock-reason').fill('asked on the phone');
        await page.locator('#unlock button').click();
        await expect(page.locator('.done')).toBeVisible();
        await look(page, 'unlocked');
        await page.locator('#unmask-reason').fill('to call back');
        await page.locator('#unmask button').click();
        await expect(page.locator('#whole')).toHaveText(OTHER_PHONE.e164);
        await look(page, 'unmasked');
        await page.goto(`${consoleOf(beonho)}/nowhere`);
        await look(page, 'nowhere');
        await page.goto(`${consoleOf(beonho)}/`);
        await page.locator('#sign-out button').click();
        await expect(page.locator('#number-form')).toBeVisible();
        await look(page, 'sign-in');
        await page.goto(link);
        await look(page, 'over');
      });
    });
  }
}

test('an operator comes in by a number, and stays in another language', async ({ page, beonho }) => {
  await page.goto(`${consoleOf(beonho)}/`);
  await page.locator('#phone_number').fill(PHONE.typed);
  await page.locator('#number-form button').click();
  await expect(page.locator('#code-form')).toBeVisible();
  await look(page, 'code');
  await expect.poll(() => latestCode(page).catch(() => '')).toMatch(/^\d{6}$/);
  await page.locator('#code').fill(await latestCode(page));
  await page.locator('#code-form button').click();
  await expect(page.locator('#operator')).toContainText(PHONE.maskedAbroad);
  await page.locator('nav a[href="/places"]').click();
  await page.locator('a[hreflang=ko]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.locator('[aria-current=page]')).toHaveAttribute('href', '/places');
});

test('the page carries nothing of the console', async ({ page, beonho, complaints }) => {
  complaints.allowStatus(404);
  await enter(page, beonho);
  await page.goto('/places');
  await expect(page.locator('#message')).toHaveAttribute('data-outcome', 'not_found');
  expect(await page.content()).not.toContain('console.css');
});
