import { expect, type Page } from '@playwright/test';

/** Nothing lies outside the window, and everything that can be pressed is large enough for a thumb (WCAG 2.2, 2.5.8). */
export async function expectFits(page: Page): Promise<void> {
  const [scrollWidth = 0, clientWidth = 0] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(scrollWidth, 'the width of the page').toBeLessThanOrEqual(clientWidth);
  for (const target of await page.locator('button, input:not([type=hidden]), select, summary, a').filter({ visible: true }).all()) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.evaluate((one) => one.outerHTML)).toBeGreaterThanOrEqual(24);
  }
}
