import type { Page } from '@playwright/test';
import { codeIn } from '../emulators/sens_text';
import { axe, expect, test } from '../support/fixture';
import {
  arrive, enterCode, expectOutcome, expectState, hydrated, inbox, latestCode, message, open, openHelp, requestCode, resend, wrongCodeFor,
} from '../support/journey';
import { PHONE } from '../support/phones';

const SOON = { timeout: 25_000 };
const FAILED = { statusCode: '3001' };

/** What the eye finds under the step's lead, or in another place, from top to bottom, with its clocks at 0:00. */
async function seen(page: Page, where = '#code-step'): Promise<string[]> {
  const lines = await page.locator(where).evaluate((place) =>
    [...place.querySelectorAll<HTMLElement>('label, button, li, p:not(.lead), h3, summary')]
      .filter((line) => line.checkVisibility({ visibilityProperty: true }))
      .filter((line) => line.offsetWidth > 1 && getComputedStyle(line).clipPath === 'none')
      .map((line) => (line.querySelector<HTMLElement>('#wait') ?? line).innerText),
  );
  return lines.filter(Boolean).map((line) => line.replace(/\d+:\d\d/, '0:00').replace('\u{a0}', ' '));
}

/** What the bubble above the title says to the eye. */
const told = (page: Page) => seen(page, '.news');

const SENT = 'We sent you a code. Check your messages.';
const FIELD = ['Six-digit code', 'Confirm', 'Time left 0:00'];
const [WAIT, RESEND, NONE, HELP] = ['Another code in 0:00', 'Text me another code', 'No codes left today', 'No text yet?'];
const REMEDIES = "Is the phone on? Look in the spam box and the carrier's filter too.";
const HANDED = 'The message was handed to the carrier. It usually arrives within a minute; if not, look in the spam box too.';
const NOT_ARRIVED =
  "The message did not arrive. Is the number right and the phone on? Look in the spam box and the carrier's filter, then ask again.";
const CORRECTION = [
  'Wrong number?', 'When we text the new number, the code already sent stops working.', 'The right mobile number', 'Text me a code', 'Start over',
];

test('beside the field stand one line of time and a button, and the attempts once one is lost', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  expect(await seen(page)).toEqual([...FIELD, WAIT, HELP]);
  await enterCode(page, wrongCodeFor(await latestCode(page)));
  await expectOutcome(page, 'incorrect_code');
  expect(await seen(page)).toEqual([...FIELD, 'Attempts left: 4', WAIT, HELP]);
  await openHelp(page);
  const more = 'If you need more time, ask for another code. A code you already have keeps its own time.';
  const all = [...FIELD, 'Attempts left: 4', WAIT, HELP, REMEDIES, more, 'Codes left today: 4', ...CORRECTION];
  expect(await seen(page)).toEqual(all);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, serverEnv: { RESEND_COOLDOWN_SECS: '8' } });

  test('the same is seen, with a word on the clock that stands still', async ({ page }) => {
    const reload = 'Reload the page to see the time left.';
    await open(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect(await seen(page)).toEqual([...FIELD, reload, WAIT, HELP]);
    await enterCode(page, wrongCodeFor(await latestCode(page)));
    await expectOutcome(page, 'incorrect_code');
    expect((await seen(page)).slice(0, 5)).toEqual([...FIELD, 'Attempts left: 4', reload]);
  });

  test('a press before its time is answered, and a press in time sends though the button still says that it waits', async ({ page }) => {
    const button = page.locator('#resend-form button');
    await open(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAccessibleName('Text me another code');
    await resend(page);
    await expectOutcome(page, 'pending');
    await expect(message(page)).toHaveText(/You can ask for another in [1-8] seconds?\.$/);
    expect(await inbox(page)).toHaveLength(1);
    await page.waitForTimeout(8000);
    await resend(page);
    await expectOutcome(page, 'code_sent');
    expect(await inbox(page)).toHaveLength(2);
    await page.waitForTimeout(8000);
    await page.reload();
    await expect(button).not.toHaveAttribute('aria-disabled');
    await expect(page.locator('#wait')).toHaveText(RESEND);
  });
});

test.describe('with two texts, codes that live four seconds and a cooldown of one', () => {
  test.use({ serverEnv: { CODE_LIFETIME_SECS: '4', RESEND_COOLDOWN_SECS: '1', MAX_SENDS_PER_NUMBER: '2' } });

  test('once the time is up there is less to see, and with nothing else to do the rest is unfolded', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'expired');
    expect(await seen(page)).toEqual([RESEND, HELP]);
    await resend(page);
    await expectState(page, 'pending');
    expect(await seen(page)).toEqual([...FIELD, NONE, HELP]);
    await expect(page.locator('#resend-form button')).toHaveAttribute('aria-disabled', 'true');
    await expectState(page, 'expired');
    expect(await seen(page)).toEqual([NONE, HELP, REMEDIES, NONE, ...CORRECTION]);
    await expect(page.locator('#resend-form button')).toBeFocused();
    await page.reload();
    await hydrated(page);
    expect(await seen(page)).toEqual([NONE, HELP, REMEDIES, NONE, ...CORRECTION]);
  });
});

test.describe('with one attempt', () => {
  test.use({ serverEnv: { MAX_ATTEMPTS: '1' } });

  test('once it is gone the button is all there is to see', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await enterCode(page, wrongCodeFor(await latestCode(page)));
    await expectState(page, 'exhausted');
    expect(await seen(page)).toEqual([WAIT, HELP]);
  });
});

/** Name and description of an element, as the browser tells them to a screen reader. */
async function spoken(page: Page, selector: string): Promise<{ name: string; description: string; isDisabled: boolean }> {
  const cdp = await page.context().newCDPSession(page);
  const { root } = await cdp.send('DOM.getDocument');
  const { nodeId } = await cdp.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { nodes } = await cdp.send('Accessibility.getPartialAXTree', { nodeId, fetchRelatives: false });
  await cdp.detach();
  const [node] = nodes;
  const isDisabled = node?.properties?.some(({ name, value }) => name === 'disabled' && value.value) ?? false;
  return { name: node?.name?.value ?? '', description: node?.description?.value ?? '', isDisabled };
}

test('the button shows its wait second by second, and is called the same all the while', async ({ page }) => {
  await arrive(page);
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  const button = page.locator('#resend-form button');
  await button.focus();
  const first = await spoken(page, '#resend-form button');
  expect(first.name).toBe(RESEND);
  expect(first.description).toMatch(/^Another code can be sent in (0:5\d|1:00) Codes left today: 4$/);
  expect(first.isDisabled).toBe(true);
  await button.evaluate((element) => {
    const changes: string[] = [];
    const shown = () => element.querySelector('#wait')?.textContent ?? '';
    Object.assign(window, { changes });
    const note = (records: MutationRecord[]) => changes.push(...records.map(({ attributeName }) => attributeName ?? shown()));
    new MutationObserver(note).observe(element, { attributes: true, childList: true, subtree: true, characterData: true });
  });
  const seen = () => page.evaluate(() => (window as unknown as { changes: string[] }).changes);
  await expect.poll(async () => (await seen()).length).toBeGreaterThanOrEqual(3);
  const changes = await seen();
  expect(changes.every((text) => /^Another code in 0:5\d$/.test(text)), changes.join()).toBe(true);
  expect(await spoken(page, '#resend-form button'), 'nothing of it ticks for the ear').toEqual(first);
  await page.locator('#code').focus();
  await expect.poll(async () => (await spoken(page, '#resend-form button')).description, 'and it is told anew').not.toBe(first.description);
  await expect(button).toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
  await resend(page);
  await expectOutcome(page, 'pending');
  await expect(message(page)).toHaveText(/You can ask for another in 5\d seconds\.$/);
  await expect(page.locator('#wait')).toHaveText(/^Another code in 0:5\d$/);
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toHaveAccessibleName(RESEND);
  expect(await inbox(page)).toHaveLength(1);
  await axe(page);
});

test.describe('with a cooldown of three seconds', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '3' } });

  test('when the wait is over the button looks like one, and after a press it waits again', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    const button = page.locator('#resend-form button');
    await button.focus();
    await expect(page.locator('#wait')).toHaveText(RESEND);
    await expect(button).toBeFocused();
    await expect(button).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
    const inTime = { name: RESEND, description: 'Another code can be sent now Codes left today: 4', isDisabled: false };
    expect(await spoken(page, '#resend-form button')).toEqual(inTime);
    // The page counts from its question, and the server from the send a moment later.
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    await expectOutcome(page, 'code_sent');
    await expect(page.locator('#wait')).toHaveText(/^Another code in 0:0[123]$/);
    await expect(button).toHaveAttribute('aria-disabled', 'true');
  });

});

test.describe('with a cooldown of nine seconds', () => {
  test.use({ serverEnv: { RESEND_COOLDOWN_SECS: '9' } });

  test('while it works the button says so, to the ear too', async ({ page }) => {
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await page.route('**/api/resend', async (route) => {
      await page.waitForTimeout(1500);
      await route.continue();
    });
    const button = page.locator('#resend-form button');
    for (const isEarly of [true, false]) {
      if (!isEarly) await expect(button).not.toHaveAttribute('aria-disabled');
      await resend(page);
      await expect.poll(async () => (await spoken(page, '#resend-form button')).name).toBe('Sending…');
      await expectOutcome(page, isEarly ? 'pending' : 'code_sent');
      await expect(button).toHaveAccessibleName(RESEND);
      await expect(page.locator('#wait')).toHaveText(/^Another code in 0:0\d$/);
    }
  });
});

test.describe('through a vendor that tells what became of a text', () => {
  test.use({ provider: 'sens', serverEnv: { RESEND_COOLDOWN_SECS: '1', CODE_LIFETIME_SECS: '60' } });

  /** Writes down what the page's live regions say: each change of one that is rendered. */
  async function listen(page: Page): Promise<() => Promise<string[]>> {
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const region of document.querySelectorAll<HTMLElement>('[role=status], [role=alert], [aria-live]')) {
        const note = () => region.checkVisibility() && region.textContent && heard.push(region.textContent.trim());
        new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
      }
    });
    return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  }

  test('all that was spoken is spoken', async ({ page, sens }) => {
    test.setTimeout(150_000);
    sens.script(PHONE.digits, [{ on: 'send', delivery: FAILED }]);
    await arrive(page);
    const heard = await listen(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect(await spoken(page, '#code')).toMatchObject({
      name: 'Six-digit code',
      description: expect.stringMatching(/^Time left (0:5\d|1:00) Attempts left: 5 We sent you a code\. Check your messages\.$/),
    });
    await expect(page.locator('#delivery')).toHaveText(NOT_ARRIVED, SOON);
    expect(await spoken(page, '#resend-form button')).toMatchObject({
      name: RESEND,
      description: 'Another code can be sent now Codes left today: 5',
    });
    await resend(page);
    await expect(page.locator('#delivery')).toHaveText(HANDED);
    await enterCode(page, wrongCodeFor(sens.lastCode(PHONE.digits)));
    await expectOutcome(page, 'incorrect_code');
    await expect(page.locator('#delivery')).toHaveText('The message reached the phone.', SOON);
    await expect(page.locator('main')).toHaveAttribute('data-state', 'expired', { timeout: 70_000 });
    // What the page of 26 November said, in its order.
    expect(await heard()).toEqual([
      SENT,
      NOT_ARRIVED,
      SENT,
      HANDED,
      'That is not the code. Please look at the message again.',
      'The message reached the phone.',
      'The time is up. Please ask for another code.',
    ]);
  });

  test('that a text is on its way is behind the question, that it did not arrive is told to the eye too', async ({ page, sens }) => {
    sens.script(PHONE.digits, [{ on: 'send', delivery: FAILED }]);
    await arrive(page);
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    expect(await seen(page)).toEqual([...FIELD, expect.stringMatching(/^(Another|Text me)/), HELP]);
    expect(await told(page)).toEqual([SENT]);
    await openHelp(page);
    expect(await seen(page)).toContain(HANDED);
    const steady = await movesOf(page);
    await expect(page.locator('#delivery')).toHaveText(NOT_ARRIVED, SOON);
    await page.waitForTimeout(500);
    expect(await steady()).toEqual([]);
    expect(await seen(page)).not.toContain(HANDED);
    await page.locator('#no-text summary').click();
    expect(await seen(page)).toEqual([...FIELD, RESEND, HELP]);
    expect(await told(page), 'what was sent is not said of it any more').toEqual([NOT_ARRIVED]);
    await page.reload();
    await hydrated(page);
    expect(await told(page)).toEqual([NOT_ARRIVED]);
    await resend(page);
    await expectOutcome(page, 'code_sent');
    await expect.poll(() => told(page)).toEqual([SENT]);
    await expect.poll(() => told(page), SOON).toEqual(['The message reached the phone.']);
    await enterCode(page, wrongCodeFor(sens.lastCode(PHONE.digits)));
    await expect.poll(() => told(page), 'news that is good gives way').toEqual(['That is not the code. Please look at the message again.']);
  });
});

/** What moves on a page from now on without the person's doing. */
async function movesOf(page: Page): Promise<() => Promise<unknown[]>> {
  await page.waitForTimeout(600);
  await page.evaluate(() => {
    const moves: unknown[] = [];
    Object.assign(window, { moves });
    const note = (list: PerformanceObserverEntryList) => moves.push(...list.getEntries().map((entry) => entry.toJSON()));
    new PerformanceObserver(note).observe({ type: 'layout-shift' });
  });
  return () => page.evaluate(() => (window as unknown as { moves: unknown[] }).moves);
}

for (const locale of ['ko-KR', 'en-US']) {
  for (const [width, height] of [[1280, 800], [390, 844]] as const) {
    test.describe(`on ${width} by ${height}, in ${locale}`, () => {
      test.use({
        locale,
        viewport: { width, height },
        provider: 'sens',
        serverEnv: { SUPPORT_URL: 'https://example.org/help', RESEND_COOLDOWN_SECS: '1' },
      });

      test('the whole step is seen without scrolling, whatever it says', async ({ page, sens }) => {
        const expectFits = async (what: string) => {
          const missing = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
          expect(missing, `${what}: pixels out of sight`).toBe(0);
        };
        sens.script(PHONE.digits, [{ on: 'send', delivery: FAILED }]);
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        await expectFits('a code is awaited');
        await enterCode(page, wrongCodeFor(codeIn(sens.sent[0]?.content ?? '') ?? ''));
        await expectOutcome(page, 'incorrect_code');
        await expectFits('a wrong one was given');
        await page.locator('#delivery[data-shown=failed]').waitFor(SOON);
        await expectFits('the text did not arrive');
      });
    });
  }
}

test.describe('the inbox tells the time of whoever reads it', () => {
  for (const timezoneId of ['Asia/Seoul', 'America/St_Johns', 'Asia/Kathmandu']) {
    test.describe(timezoneId, () => {
      test.use({ timezoneId });

      test('in the browser, without anything moving', async ({ page, context }) => {
        await arrive(page);
        await requestCode(page, PHONE.typed);
        await expectState(page, 'pending');
        const phone = await context.newPage();
        await phone.goto('/inbox');
        const steady = await movesOf(phone);
        await hydrated(phone);
        const time = phone.locator('[data-message] time');
        const sentAt = (await time.getAttribute('datetime')) ?? '';
        expect(sentAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        const here = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: timezoneId }).format(new Date(sentAt));
        await expect(time).toHaveText(here);
        // The list was asked for again meanwhile.
        await phone.waitForTimeout(2500);
        await expect(time).toHaveText(here);
        expect(await steady()).toEqual([]);
      });
    });
  }

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false, timezoneId: 'Asia/Seoul' });

    test('in UTC, and says so', async ({ page }) => {
      await open(page);
      await requestCode(page, PHONE.typed);
      await expectState(page, 'pending');
      await page.goto('/inbox');
      const time = page.locator('[data-message] time');
      const sentAt = (await time.getAttribute('datetime')) ?? '';
      await expect(time).toHaveText(`${sentAt.slice(11, 19)} UTC`);
    });
  });
});
