import { pbkdf2, solveChallenge } from 'altcha/lib';
import type { APIRequestContext, Page } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { axe, expect, test } from '../support/fixture';
import { arrive, correctNumber, enterCode, expectOutcome, expectState, hydrated, inbox, latestCode, message, open, requestCode } from '../support/journey';
import { OTHER_PHONE, PHONE } from '../support/phones';
import { LANGUAGES } from '../support/words';

// Every send costs work here, so that none of it depends on what looks like abuse.
test.use({ serverEnv: { CHALLENGE: 'always' } });

interface Said {
  outcome: string;
  text: string;
  focus: string;
  button: string | null;
}

/** Writes down each thing that the message says, with what has the focus then and whether the button takes a press. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const said: Said[] = [];
    (globalThis as unknown as { said: Said[] }).said = said;
    const line = document.querySelector<HTMLElement>('#message');
    const note = () => {
      const focus = document.activeElement?.closest('form')?.id ?? '';
      const button = document.querySelector('#number-form button')?.getAttribute('aria-disabled') ?? null;
      said.push({ outcome: line?.dataset.outcome ?? '', text: line?.textContent ?? '', focus, button });
    };
    if (line) new MutationObserver(note).observe(line, { childList: true });
  });
}

function said(page: Page): Promise<Said[]> {
  return page.evaluate(() => (globalThis as unknown as { said: Said[] }).said);
}

for (const [locale, words] of Object.entries(LANGUAGES)) {
  test.describe(`in ${words.language}`, () => {
    test.use({ locale });

    test('a browser works by itself: it is said, nothing is to be done, and the code step follows', async ({ page }) => {
      const files: string[] = [];
      page.on('request', (request) => files.push(new URL(request.url()).pathname));
      await arrive(page);
      await listen(page);
      expect(files).not.toContain('/work.js');
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await expect(message(page)).toHaveText(words.sent);
      await expect(page.locator('#code')).toBeFocused();
      expect((await said(page))[0]).toEqual({ outcome: 'challenge_required', text: words.working, focus: 'number-form', button: 'true' });
      expect(await inbox(page)).toHaveLength(1);
      await axe(page);
      await enterCode(page, await latestCode(page));
      await expectState(page, 'verified');
    });

    test.describe('without JavaScript', () => {
      test.use({ javaScriptEnabled: false });

      test('a person is asked to wait, and what was typed stays', async ({ page }) => {
        await open(page);
        await requestCode(page, PHONE.typed);
        await expectOutcome(page, 'challenge_required');
        await expect(message(page)).toHaveText(words.wait);
        await expect(page.locator('#phone_number')).toHaveValue(PHONE.typed);
        await expect(page).toHaveURL('/');
        await axe(page);
        await page.locator('#number-form button').click();
        await expectOutcome(page, 'challenge_required');
        expect(await inbox(page)).toHaveLength(0);
      });
    });
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('after a minute, one more press sends the code', async ({ page }) => {
    test.setTimeout(150_000);
    await open(page);
    await requestCode(page, PHONE.typed);
    await expectOutcome(page, 'challenge_required');
    // The release has no clock to move, and this wait no setting.
    await sleep(61_000);
    await page.locator('#number-form button').click();
    await expectState(page, 'pending');
    await expectOutcome(page, 'code_sent');
    expect(await inbox(page)).toHaveLength(1);
  });
});

test('a browser that cannot work is asked to wait', async ({ page, complaints }) => {
  complaints.allow(/work\.js/);
  await page.context().route('**/work.js', (route) => route.abort());
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expect(message(page)).toHaveText(LANGUAGES['en-US'].wait);
  await expect(page.locator('#phone_number')).toHaveValue(PHONE.typed);
  await hydrated(page);
  await axe(page);
  expect(await inbox(page)).toHaveLength(0);
});

test('a double click works once and sends one SMS', async ({ page }) => {
  await arrive(page);
  await page.locator('#phone_number').fill(PHONE.typed);
  await page.locator('#number-form button').dblclick();
  await expectState(page, 'pending');
  expect(await inbox(page)).toHaveLength(1);
});

test.describe('while a code is awaited', () => {
  test.use({ serverEnv: { CHALLENGE: 'always', RESEND_COOLDOWN_SECS: '1' } });

  test('a corrected number is worked for too', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await sleep(1_100);
    await correctNumber(page, OTHER_PHONE.typed);
    await expect(page.locator('#code-step .number').filter({ visible: true })).toContainText('4321');
    expect(await inbox(page)).toHaveLength(2);
  });
});

async function ask(request: APIRequestContext, proof?: string) {
  const answered = await request.post('/v1/verification', { data: { phone_number: PHONE.typed, proof } });
  return { status: answered.status(), body: await answered.json() };
}

test("ALTCHA's own solver solves a challenge of ours", async ({ request }) => {
  const asked = await ask(request);
  expect(asked).toMatchObject({ status: 429, body: { outcome: 'challenge_required', number: 42913, retry_after_secs: 60 } });
  const { challenge } = asked.body;
  const solution = await solveChallenge({ challenge, deriveKey: pbkdf2.deriveKey });
  const proof = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
  expect(await ask(request, proof)).toMatchObject({ status: 202, body: { outcome: 'code_sent' } });
});
