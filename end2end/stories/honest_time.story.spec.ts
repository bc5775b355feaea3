import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectState, hydrated, latestCode, requestCode, startOver } from '../support/journey';
import { PHONE } from '../support/phones';
import { canSleep, fallAsleep, wakeUp } from '../support/sleep';

async function secsLeft(page: Page): Promise<number> {
  const [minutes = 0, secs = 0] = (await page.locator('#expiry').innerText()).match(/\d+/g)?.map(Number) ?? [];
  return minutes * 60 + secs;
}

test.describe('with codes that live six seconds', () => {
  test.use({ serverEnv: { CODE_LIFETIME_SECS: '6', RESEND_COOLDOWN_SECS: '6' } });

  for (const isTold of [true, false]) {
    test(`a page that slept shows the truth ${isTold ? 'when it is looked at again' : 'even if nobody tells it that it woke up'}`, async ({ page }) => {
      await canSleep(page);
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await fallAsleep(page);
      await page.waitForTimeout(6500);
      await expectState(page, 'pending');
      await wakeUp(page, { isTold });
      await expectState(page, 'expired');
      await expect(page.locator('#message')).toHaveText(/^The time is up/);
    });
  }
});

test('after a sleep the countdown is the one of the server', async ({ page }) => {
  await canSleep(page);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect.poll(() => secsLeft(page)).toBeGreaterThan(295);
  await fallAsleep(page);
  await page.waitForTimeout(6000);
  await wakeUp(page, { isTold: true });
  await expect.poll(() => secsLeft(page)).toBeLessThanOrEqual(294);
});

for (const [what, days] of [['a day fast', 1], ['a day slow', -1]] as const) {
  test(`a system clock that is ${what} changes nothing`, async ({ page }) => {
    await page.addInitScript((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, days * 86_400_000);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect(await secsLeft(page)).toBeGreaterThan(290);
    await page.reload();
    await hydrated(page);
    expect(await secsLeft(page)).toBeGreaterThan(285);
    await enterCode(page, await latestCode(page));
    await expectState(page, 'verified');
  });
}

test('a system clock that is set while the page is open makes it ask the server', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const asked = page.waitForRequest('**/api/status');
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 86_400_000;
  });
  await asked;
  await expectState(page, 'pending');
  expect(await secsLeft(page)).toBeGreaterThan(285);
});

test('right after a reload the countdown goes on where it was', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await page.waitForTimeout(2500);
  const [before, readAt] = [await secsLeft(page), performance.now()];
  await page.reload();
  expect(await secsLeft(page)).toBeLessThanOrEqual(before);
  await hydrated(page);
  expect(await secsLeft(page)).toBeLessThanOrEqual(before);
  const after = await secsLeft(page);
  expect(before - after, 'no more than went by, by the second').toBeLessThanOrEqual((performance.now() - readAt) / 1000 + 3);
});

test('after a sleep the server is asked until it answers', async ({ page, complaints }) => {
  complaints.allow(/^Failed to load resource: net::ERR_FAILED/);
  await canSleep(page);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  let lost = 0;
  await page.route('**/api/status', (route) => (++lost <= 2 ? route.abort() : route.continue()));
  await fallAsleep(page);
  await page.waitForTimeout(500);
  const elsewhere = await page.context().newPage();
  await arrive(elsewhere);
  await startOver(elsewhere);
  await elsewhere.close();
  await wakeUp(page, { isTold: true });
  await expect(page.locator('main')).toHaveAttribute('data-state', 'none', { timeout: 20_000 });
  expect(lost, 'the first questions were lost').toBeGreaterThan(2);
});
