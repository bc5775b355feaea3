import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';

/** With `PICTURES=docs` the pictures of a Korean phone in light, and these, go into the documentation; all others are for looking only. */
const ALSO = new Map([['en-1280-dark/application', 'application-dark']]);
const DOCS = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const ASIDE = fileURLToPath(new URL('../.output/pictures/', import.meta.url));
/** The most that a picture in the documentation weighs. */
const MAX_BYTES = 70_000;

interface Look {
  /** A desk and a phone, unless told otherwise. */
  widths?: number[];
  /** Done in every look before its picture is taken. */
  check?: (page: Page) => Promise<void>;
}

/** Takes the page as it is, in each width, light and dark. */
export async function take(page: Page, language: string, name: string, { widths = [1280, 390], check }: Look = {}): Promise<void> {
  await page.mouse.move(0, 0);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 780 });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await check?.(page);
      await picture(page, `${language}-${width}-${colorScheme}`, name);
    }
  }
}

async function picture(page: Page, look: string, name: string): Promise<void> {
  const documented = ALSO.get(`${look}/${name}`) ?? (look === 'ko-390-light' ? name : undefined);
  const isForDocs = process.env.PICTURES === 'docs' && documented !== undefined;
  const path = isForDocs ? `${DOCS}${documented}.png` : `${ASIDE}${look}/${name}.png`;
  await page.screenshot({ path, fullPage: true });
  if (isForDocs) expect((await stat(path)).size, path).toBeLessThan(MAX_BYTES);
}
