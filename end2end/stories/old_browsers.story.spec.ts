import { expect, test } from '../support/fixture';
import { arrive, expectState, latestCode, open } from '../support/journey';
import { PHONE } from '../support/phones';
import type { Page } from '@playwright/test';

// What a browser of the last five years may lack, or have and fail at: no button is ever dead.
const INTERFACES = [
  'AbortController', 'AbortSignal', 'BroadcastChannel', 'FormData', 'Headers', 'OTPCredential', 'Response', 'URLSearchParams',
  'WebAssembly', 'fetch',
];

/** Fills a form in and presses its button, as somebody does who waits for nothing to happen by itself. */
async function press(page: Page, form: string, field: string, text: string): Promise<void> {
  await page.locator(`${form} input[name=${field}]`).fill(text);
  const button = page.locator(`${form} button`).first();
  if (await button.isVisible()) await button.click({ timeout: 3000 }).catch(() => undefined);
}

async function signsUp(page: Page): Promise<void> {
  await open(page);
  await press(page, '#number-form', 'phone_number', PHONE.typed);
  await expectState(page, 'pending');
  await press(page, '#code-form', 'code', await latestCode(page));
  await expectState(page, 'verified');
  await press(page, '#sign-up-form', 'nickname', '민지');
  await expectState(page, 'signed_up');
}

for (const name of INTERFACES) {
  test(`without ${name} a person signs up`, async ({ page }) => {
    await page.addInitScript((gone) => {
      Object.defineProperty(window, gone, { value: undefined, configurable: true, writable: true });
    }, name);
    await signsUp(page);
  });

  test(`with a ${name} that fails a person signs up`, async ({ page }) => {
    await page.addInitScript((broken) => {
      const fail = function () {
        throw new TypeError('not here');
      };
      Object.defineProperty(window, broken, { value: fail, configurable: true, writable: true });
    }, name);
    await signsUp(page);
  });
}

for (const method of ['requestSubmit', 'closest', 'toggleAttribute']) {
  test(`without ${method} a person signs up`, async ({ page }) => {
    await page.addInitScript((gone) => {
      for (const owner of [HTMLFormElement.prototype, Element.prototype]) Object.defineProperty(owner, gone, { value: undefined });
    }, method);
    await signsUp(page);
  });
}

test('without AbortSignal.timeout a person signs up', async ({ page }) => {
  await page.addInitScript(() => void Object.defineProperty(AbortSignal, 'timeout', { value: undefined }));
  await signsUp(page);
});

test('where every fetch fails, the second press goes by itself', async ({ page }) => {
  await page.addInitScript(() => {
    const fetches = window.fetch;
    window.fetch = (...asked) =>
      String(asked[0]).startsWith('/api/') ? Promise.reject(new TypeError('blocked')) : fetches(...asked);
  });
  await arrive(page);
  await press(page, '#number-form', 'phone_number', PHONE.typed);
  await page.locator('#number-form button').click();
  await expectState(page, 'pending');
});

test('without performance the countdown runs', async ({ page }) => {
  await page.addInitScript(() => void Object.defineProperty(window, 'performance', { value: undefined }));
  await open(page);
  await press(page, '#number-form', 'phone_number', PHONE.typed);
  await expectState(page, 'pending');
  const shown = await page.locator('#expiry').textContent();
  await expect(page.locator('#expiry')).not.toHaveText(shown ?? '', { timeout: 5000 });
});

test('a language and a page that nobody navigates to change nothing', async ({ page }) => {
  await open(page);
  const answer = await page.request.get('/language?to=en&back=/', { headers: { 'sec-purpose': 'prefetch' }, maxRedirects: 0 });
  expect(answer.headers()['set-cookie']).toBeUndefined();
});
