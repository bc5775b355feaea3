import type { Page } from '@playwright/test';
import { axe, test } from '../support/fixture';
import {
  arrive, enterCode, expectOutcome, expectState, latestCode, requestCode, signUp, wrongCodeFor,
} from '../support/journey';
import { PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

async function inBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await axe(page);
  }
}

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`axe finds nothing in either theme, in ${words.language}`, () => {
    test.use({ locale, serverEnv: { TERMS_URL: 'https://example.org/terms', SUPPORT_URL: 'https://example.org/help' } });

    test('from the number to the welcome', async ({ page }) => {
      await arrive(page);
      await inBothThemes(page);
      await requestCode(page, 'no number');
      await expectOutcome(page, 'invalid_phone_number');
      await inBothThemes(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await page.locator('#no-text summary').click();
      await inBothThemes(page);
      const code = await latestCode(page);
      await enterCode(page, wrongCodeFor(code));
      await expectOutcome(page, 'incorrect_code');
      await inBothThemes(page);
      await enterCode(page, code);
      await expectState(page, 'verified');
      await inBothThemes(page);
      await signUp(page, '   ');
      await expectOutcome(page, 'invalid_nickname');
      await inBothThemes(page);
      await signUp(page, '민지');
      await expectState(page, 'signed_up');
      await inBothThemes(page);
      await page.goto('/inbox');
      await inBothThemes(page);
    });

    test('on the pages beside it', async ({ page, complaints }) => {
      complaints.allowStatus(400, 404);
      for (const path of ['/sign-in', '/cookies', '/no-such-page', '/inbox']) {
        await page.goto(path);
        await inBothThemes(page);
      }
    });

    test.describe('with codes that live a second', () => {
      test.use({ serverEnv: { CODE_LIFETIME_SECS: '1', RESEND_COOLDOWN_SECS: '1' } });

      test('when the time is up', async ({ page }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'expired');
        await inBothThemes(page);
      });
    });

    test.describe('with one attempt', () => {
      test.use({ serverEnv: { MAX_ATTEMPTS: '1' } });

      test('when it is gone', async ({ page }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await enterCode(page, wrongCodeFor(await latestCode(page)));
        await expectState(page, 'exhausted');
        await inBothThemes(page);
      });
    });

    test.describe('without JavaScript', () => {
      test.use({ javaScriptEnabled: false });

      test('in the first three steps', async ({ page }) => {
        await page.goto('/');
        await inBothThemes(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await inBothThemes(page);
        await enterCode(page, await latestCode(page));
        await expectState(page, 'verified');
        await inBothThemes(page);
      });
    });
  });
}
