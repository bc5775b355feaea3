import type { Page } from '@playwright/test';

type Sleeper = { fallAsleep(): void; wakeUp(): void };

/** Gives a page's device a lid: asleep, its monotonic clock stands still and its timers rest, while the wall clock and the server go on. */
export async function canSleep(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    let slept = 0;
    let since: number | undefined;
    performance.now = () => (since ?? now()) - slept;
    const interval = window.setInterval.bind(window);
    const awake = (act: () => void) => () => void (since === undefined && act());
    Object.assign(window, {
      setInterval: (act: () => void, ms: number) => interval(awake(act), ms),
      fallAsleep: () => (since = now()),
      wakeUp: () => {
        slept += now() - (since ?? now());
        since = undefined;
      },
    });
  });
}

export async function fallAsleep(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as Sleeper).fallAsleep());
}

/** Opens the lid; a browser then usually, but not always, says that the page is visible again. */
export async function wakeUp(page: Page, { isTold }: { isTold: boolean }): Promise<void> {
  await page.evaluate(([tell]) => {
    (window as unknown as Sleeper).wakeUp();
    if (tell) document.dispatchEvent(new Event('visibilitychange'));
  }, [isTold]);
}
