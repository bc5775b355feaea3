import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixture';
import {
  arrive, enterCode, expectState, hydrated, inbox, latestCode, requestCode, signUp, switchLanguage, wrongCodeFor, type State,
} from '../support/journey';
import { PHONE } from '../support/phones';

/** What a page tells, but for the clocks. */
async function told(page: Page): Promise<string[]> {
  const texts = await page.locator('#code-step .number, #attempts, #sends').allTextContents();
  return texts.map((text) => text.trim());
}

/** Reload, back and a second tab all show the state, and what is told there. */
async function expectEverywhere(page: Page, state: State): Promise<void> {
  await expectState(page, state);
  const here = await told(page);
  await page.reload();
  await hydrated(page);
  await expectState(page, state);
  expect(await told(page), 'after a reload').toEqual(here);
  await page.goto('/inbox');
  await page.goBack();
  await expectState(page, state);
  expect(await told(page), 'after back').toEqual(here);
  const tab = await page.context().newPage();
  await arrive(tab);
  await expectState(tab, state);
  expect(await told(tab), 'in a second tab').toEqual(here);
  await tab.close();
}

test('reload, back and a second tab show the same in every state, and send nothing', async ({ page }) => {
  await arrive(page);
  await expectEverywhere(page, 'none');
  await requestCode(page, PHONE.typed);
  await expectEverywhere(page, 'pending');
  const code = await latestCode(page);
  await enterCode(page, wrongCodeFor(code));
  await expect(page.locator('#attempts')).toHaveText('Attempts left: 4');
  await expectEverywhere(page, 'pending');
  await enterCode(page, code);
  await expectEverywhere(page, 'verified');
  expect(await inbox(page)).toHaveLength(1);
});

test('a challenge without attempts looks the same everywhere', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const wrong = wrongCodeFor(await latestCode(page));
  for (const left of ['4', '3', '2', '1']) {
    await enterCode(page, wrong);
    await expect(page.locator('#attempts')).toHaveText(`Attempts left: ${left}`);
  }
  await enterCode(page, wrong);
  await expectEverywhere(page, 'exhausted');
});

test('whoever has signed up is welcomed, wherever they come from', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
  await page.reload();
  await expectState(page, 'signed_up');
  await page.goBack();
  await expect(page).toHaveURL('/welcome');
  for (const path of ['/', '/sign-in']) {
    await page.goto(path);
    await expect(page).toHaveURL('/welcome');
  }
});

test('the switch of language changes the words and not the state', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await switchLanguage(page, 'ko');
  await expectState(page, 'pending');
  await expect(page.getByRole('heading', { name: '인증번호를 입력해 주세요' })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await switchLanguage(page, 'en');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
});
