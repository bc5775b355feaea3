import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import { codeIn } from '../emulators/sens_text';

export type State = 'none' | 'pending' | 'expired' | 'exhausted' | 'verified' | 'signed_up';

/** Opens the sign-up page. */
export async function open(page: Page): Promise<void> {
  await page.goto('/');
}

/** Opens the sign-up page and waits until its own code is running. */
export async function arrive(page: Page): Promise<void> {
  await open(page);
  await hydrated(page);
}

/** Waits until the page's own code is running. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor();
}

/** Asks for a code to be sent to a number, written in any way. */
export async function requestCode(page: Page, number: string): Promise<void> {
  await page.locator('#number-form input[name=phone_number]').fill(number);
  await submit(page, '#number-form');
}

/** Enters a code and sends it off; a live page does that by itself once six digits are there. */
export async function enterCode(page: Page, code: string): Promise<void> {
  const field = page.locator('#code-form input[name=code]');
  // What was refused a moment ago is not sent again by itself.
  const isSent = (await field.inputValue()) === code;
  // Nor is a code that differs from it in one digit: that one is mended.
  await field.clear();
  const isLive = await isLiveAt(field, () => field.fill(code));
  if (!isLive || isSent || !/^\d{6}$/.test(code)) await submit(page, '#code-form');
}

/** Whether the page's own code, which may come at any moment, was there when something was entered; else nobody heard of it. */
async function isLiveAt(field: Locator, enter: () => Promise<void>): Promise<boolean> {
  const entry = await field.evaluateHandle((input) => {
    const entry = { isLive: false };
    input.addEventListener('input', () => (entry.isLive = document.documentElement.hasAttribute('data-hydrated')), { once: true });
    return entry;
  });
  await enter();
  // A page that is gone has sent it.
  return entry.evaluate(({ isLive }) => isLive).catch(() => true);
}

/** Asks for another code, be its time come or not: the button takes a press at any time, though it says which are too early. */
export async function resend(page: Page): Promise<void> {
  await page.locator('#resend-form button').click({ force: true });
}

/** Opens what helps when no text comes. */
export async function openHelp(page: Page): Promise<void> {
  await unfold(page, '#start-over-form');
}

/** Makes the account; ticks the consent box when the page has one, unless told not to. */
export async function signUp(page: Page, nickname: string, consents = true): Promise<void> {
  const form = page.locator('#sign-up-form');
  await form.locator('input[name=nickname]').fill(nickname);
  const consent = form.locator('input[name=consent]');
  if (await consent.count()) await consent.setChecked(consents);
  await submit(page, '#sign-up-form');
}

/** Asks for a code to another number while one is awaited. */
export async function correctNumber(page: Page, number: string): Promise<void> {
  await unfold(page, '#correct-form');
  await page.locator('#correct-form input[name=phone_number]').fill(number);
  await submit(page, '#correct-form');
}

/** Gives the verification up, in whichever step the page is. */
export async function startOver(page: Page): Promise<void> {
  await unfold(page, '#start-over-form');
  await submit(page, 'form[action$="/start-over"]');
  await expectState(page, 'none');
}

/** A well-formed code that is not the right one. */
export function wrongCodeFor(code: string): string {
  return code === '000000' ? '111111' : '000000';
}

export async function signOut(page: Page): Promise<void> {
  await submit(page, '#sign-out-form');
}

/** Chooses another language by its tag. */
export async function switchLanguage(page: Page, to: string): Promise<void> {
  const fold = page.locator('.languages:not([open]) > summary');
  if (await fold.count()) await fold.click();
  await page.locator(`.languages-list a[hreflang="${to}"]`).click();
  await expect(page.locator(`html[lang="${to}"]`)).toBeAttached();
}

/** What the page says about the last request. */
export function message(page: Page): Locator {
  return page.locator('#message');
}

/** The number that the step of the code names. */
export function numberShown(page: Page): Locator {
  return page.locator('#code-step .number').filter({ visible: true });
}

export async function expectState(page: Page, state: State): Promise<void> {
  await expect(page.locator('main')).toHaveAttribute('data-state', state);
}

/** Waits for the outcome of the last request, one of the stable codes (docs/design.md, "Why is the list of outcomes closed?"). */
export async function expectOutcome(page: Page, outcome: string): Promise<void> {
  await expect(message(page)).toHaveAttribute('data-outcome', outcome);
}

/** The texts that the development page shows as the phone's, newest first, without a tab for them. */
export const inbox = (page: Page): Promise<string[]> => textsOf(page.request);

async function textsOf(api: APIRequestContext): Promise<string[]> {
  const answer = await api.get('/inbox/messages');
  expect(answer.status(), 'of the inbox').toBe(200);
  return [...(await answer.text()).matchAll(/class="bubble">(.*?)<\/p>/gs)].map(([, text = '']) => unescaped(text));
}

function unescaped(html: string): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return html.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => signs[name] ?? '');
}

/** The code in the newest text of the development page. */
export const latestCode = (page: Page): Promise<string> => sentCode(page.request);

/** The same without a page. */
export async function sentCode(api: APIRequestContext): Promise<string> {
  const [newest = ''] = await textsOf(api);
  const code = codeIn(newest);
  if (!code) throw new Error(`no code in the newest text: ${JSON.stringify(newest)}`);
  return code;
}

/** The whole way from an empty page to a verified number, with the code taken from wherever it arrives. */
export async function verify(page: Page, number: string, codeOf: () => string | Promise<string>): Promise<void> {
  await open(page);
  await requestCode(page, number);
  await expectState(page, 'pending');
  await enterCode(page, await codeOf());
  await expectState(page, 'verified');
}

async function submit(page: Page, form: string): Promise<void> {
  await page.locator(`${form} button`).filter({ visible: true }).first().click();
}

/** Opens the fold that a form is in, if it is shut. */
async function unfold(page: Page, form: string): Promise<void> {
  const fold = page.locator(`details:not([open]):has(${form}) > summary`).filter({ visible: true });
  if (await fold.count()) await fold.click();
}
