import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectOutcome, expectState, hydrated, requestCode, resend } from '../support/journey';
import { PHONE } from '../support/phones';

test.use({ provider: 'sens' });

const SOON = { timeout: 25_000 };

test('a text that does not arrive is told live, given back, and may be asked for again at once', async ({ page, sens }) => {
  sens.script(PHONE.digits, [{ on: 'send', delivery: { statusCode: '3001' } }]);
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 4');
  await expect(page.locator('#delivery')).toHaveText(/^The message did not arrive\. Is the number right/, SOON);
  await expect(page.locator('#sends')).toHaveText('Codes left today: 5');
  await expect(page.locator('#resend')).toHaveText('Another code can be sent now');
  await resend(page);
  await expectOutcome(page, 'code_sent');
  await expect(page.locator('#delivery')).toHaveText(/^The message was handed to the carrier/);
  await enterCode(page, sens.lastCode(PHONE.digits));
  await expectState(page, 'verified');
});

for (const [locale, failure] of [['ko-KR', /^문자가 도착하지 못했어요/], ['en-US', /^The message did not arrive/]] as const) {
  test.describe(`on a phone, in ${locale}`, () => {
    test.use({ locale, viewport: { width: 390, height: 780 }, serverEnv: { RESEND_COOLDOWN_SECS: '2' } });

    test('nothing moves while a code is awaited, not even when the text does not arrive', async ({ page, sens }) => {
      sens.script(PHONE.digits, [{ on: 'send', delivery: { statusCode: '3001' } }]);
      await page.addInitScript(() => {
        const moves: PerformanceEntry[] = [];
        Object.assign(window, { moves });
        new PerformanceObserver((list) => {
          moves.push(...list.getEntries().filter((entry) => !('hadRecentInput' in entry && entry.hadRecentInput)));
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await arrive(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      // The step itself comes when the server has answered, which may be longer after the press than a browser forgives.
      const since = await page.evaluate(() => new Promise<number>((shown) => {
        requestAnimationFrame(() => requestAnimationFrame(() => shown(performance.now())));
      }));
      await expect(page.locator('#delivery')).toHaveText(failure, SOON);
      await page.waitForTimeout(500);
      const moves = await page.evaluate(() => (window as unknown as { moves: PerformanceEntry[] }).moves.map((move) => move.toJSON()));
      expect(moves.filter(({ startTime }) => startTime > since)).toEqual([]);
    });
  });
}

test('a text that arrives is told too, and nothing of the phone beside', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.', SOON);
  await expect(page.locator('main')).not.toContainText(/SKT|KT|LGU/);
  await page.reload();
  await hydrated(page);
  await expect(page.locator('#delivery')).toHaveText('The message reached the phone.');
});
