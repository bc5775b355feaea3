import { begin, beginWith, expectKnown, hasAccount, prove, test as withApplications } from './support/applications';
import { test } from './support/fixture';
import {
  arrive, enterCode, expectOutcome, expectState, hydrated, latestCode, requestCode, resend, signUp, wrongCodeFor,
} from './support/journey';
import { PHONE } from './support/phones';
import { take } from './support/pictures';

const HOUSE = {
  TERMS_URL: 'https://example.org/terms',
  PRIVACY_URL: 'https://example.org/privacy',
  SUPPORT_URL: 'https://example.org/help',
};

for (const language of ['ko', 'en']) {
  test.describe(`pictures in ${language}`, () => {
    test.use({ locale: language, serverEnv: HOUSE });

    test('of the journey', async ({ page, context }) => {
      const phone = await context.newPage();
      await arrive(page);
      await take(page, language, 'number');
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await take(page, language, 'pending');
      await phone.goto('/inbox');
      await take(phone, language, 'inbox');
      await page.locator('#no-text summary').click();
      await take(page, language, 'correction');
      await page.locator('#no-text summary').click();
      const code = await latestCode(page);
      await enterCode(page, wrongCodeFor(code));
      await expectOutcome(page, 'incorrect_code');
      await take(page, language, 'wrong');
      await enterCode(page, code);
      await expectState(page, 'verified');
      await take(page, language, 'verified');
      await signUp(page, language === 'ko' ? '민지' : 'Minji');
      await expectState(page, 'signed_up');
      await take(page, language, 'welcome');
    });

    test('of the pages beside it', async ({ page, complaints }) => {
      complaints.allowStatus(400, 404);
      await page.goto('/sign-in');
      await hydrated(page);
      await take(page, language, 'sign-in');
      await page.goto('/no-such-page');
      await take(page, language, 'notfound');
      await page.goto('/cookies');
      await take(page, language, 'cookies');
    });

    test.describe('through SENS', () => {
      test.use({ provider: 'sens' });

      test('of a text that did not arrive', async ({ page, sens }) => {
        sens.script(PHONE.digits, [{ on: 'send', delivery: { statusCode: '3001' } }]);
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await page.locator('#delivery[data-shown=failed]').waitFor();
        await take(page, language, 'undelivered');
      });
    });

    test.describe('through Twilio Verify', () => {
      test.use({ provider: 'twilio_verify', serverEnv: { ...HOUSE, RESEND_COOLDOWN_SECS: '1' } });

      test('of a code that was repeated', async ({ page }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await page.waitForTimeout(1100);
        await Promise.all([page.waitForResponse('**/api/resend'), resend(page)]);
        await take(page, language, 'repeated');
      });
    });

    test.describe('with codes that live a second', () => {
      test.use({ serverEnv: { ...HOUSE, CODE_LIFETIME_SECS: '1', RESEND_COOLDOWN_SECS: '1' } });

      test('of a time that is up', async ({ page }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'expired');
        await take(page, language, 'expired');
      });
    });

    test.describe('with one attempt', () => {
      test.use({ serverEnv: { ...HOUSE, MAX_ATTEMPTS: '1' } });

      test('of an attempt that was the last', async ({ page }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await enterCode(page, wrongCodeFor(await latestCode(page)));
        await expectState(page, 'exhausted');
        await take(page, language, 'exhausted');
      });
    });
  });

  withApplications.describe(`pictures in ${language}`, () => {
    withApplications.use({ locale: language, house: HOUSE, libraryName: language === 'ko' ? '동네책방' : 'Bookshop' });

    withApplications('of the way through an application', async ({ page, browser, baseURL, shop, library }) => {
      await hasAccount(baseURL);
      await begin(page, shop);
      await hydrated(page);
      await take(page, language, 'application');
      await prove(page, PHONE.typed);
      await expectKnown(page, shop);
      await page.waitForTimeout(1100);
      const elsewhere = await browser.newPage({ baseURL, locale: language });
      await begin(elsewhere, library);
      await prove(elsewhere, PHONE.typed);
      await expectKnown(elsewhere, library);
      await elsewhere.context().close();
      await page.goto('/welcome');
      await take(page, language, 'sessions');
      await page.goto(`${shop.origin}/sign-out?bare`);
      await take(page, language, 'leaving');
    });

    withApplications('of its dead ends', async ({ page, shop, complaints }) => {
      complaints.allowStatus(400);
      await beginWith(page, shop, { client_id: 'unknown' });
      await take(page, language, 'application-wrong');
      await page.goto('/sign-in?request=AAAAAAAAAAAAAAAAAAAAAA');
      await take(page, language, 'application-over');
      await page.goto('/oauth/end-session');
      await take(page, language, 'left');
    });
  });
}
