import type { BrowserContext, Page } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectState, hydrated, latestCode, open, requestCode, signUp, wrongCodeFor } from '../support/journey';
import { PHONE } from '../support/phones';

interface Shift {
  value: number;
  moved: string[];
  /** When its document began. */
  of: number;
}

/** Has every page of a context tell what moved on it without the person's doing, from before its first paint. */
async function watchShifts(context: BrowserContext): Promise<Shift[]> {
  const shifts: Shift[] = [];
  await context.exposeBinding('reportShift', (_, shift: Shift) => shifts.push(shift));
  await context.addInitScript(() => {
    type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] };
    const { reportShift } = window as unknown as { reportShift(shift: Shift): void };
    const named = (node: Node | null) => (node instanceof Element ? `${node.localName}#${node.id}` : String(node?.nodeName));
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Entry[]) {
        if (!hadRecentInput) reportShift({ value, moved: sources.map(({ node }) => named(node)), of: performance.timeOrigin });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return shifts;
}

/** Long enough for two frames, in which a shift would be told. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Where everything on the page is, and whether it can be seen. */
async function layout(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.body.querySelectorAll('*')].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const { color, backgroundColor, opacity } = getComputedStyle(element);
      return [element.localName, element.id, x, y, width, height, color, backgroundColor, opacity].join(' ');
    }),
  );
}

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('in no step does anything move by itself, neither when it is loaded nor while the time runs', async ({ page, context }) => {
    const shifts = await watchShifts(context);
    // What an answer brings may move what is there: it is what the person waits for. So only the new document counts.
    const expectSteady = async (step: string) => {
      await page.reload();
      if (step !== 'welcome') await hydrated(page);
      await page.waitForTimeout(2500);
      const now = await page.evaluate(() => performance.timeOrigin);
      expect(shifts.filter((shift) => shift.of === now), step).toEqual([]);
    };
    await arrive(page);
    expect(shifts, 'first visit').toEqual([]);
    await expectSteady('number');
    await requestCode(page, PHONE.typed);
    await expectState(page, 'pending');
    await expectSteady('code');
    const code = await latestCode(page);
    await enterCode(page, wrongCodeFor(code));
    await expect(page.locator('#attempts')).toHaveText('Attempts left: 4');
    await expectSteady('code, after a wrong one');
    await enterCode(page, code);
    await expectState(page, 'verified');
    await expectSteady('nickname');
    await signUp(page, '민지');
    await expect(page).toHaveURL('/welcome');
    await expectSteady('welcome');
  });

  for (const state of ['none', 'pending', 'verified'] as const) {
    test(`the wasm's arrival in state ${state} changes nothing that is seen`, async ({ page, context }) => {
      await arrive(page);
      if (state !== 'none') await requestCode(page, PHONE.typed);
      if (state === 'verified') {
        await expectState(page, 'pending');
        await enterCode(page, await latestCode(page));
      }
      await expectState(page, state);
      await page.goto('about:blank');
      const shifts = await watchShifts(context);
      await context.route('**/*.wasm', async (route) => {
        await sleep(1000);
        await route.continue().catch(() => {});
      });
      await open(page);
      const before = await layout(page);
      await hydrated(page);
      await settle(page);
      expect(await layout(page)).toEqual(before);
      expect(shifts).toEqual([]);
      await context.unrouteAll({ behavior: 'ignoreErrors' });
    });
  }
});
