import type { Page } from '@playwright/test';
import { freePort } from './port';
import type { Env, Server } from './server';

/** Settings of a server whose console is at a port of its own. */
export async function consoleEnv(): Promise<Env> {
  return { ADMIN_ADDR: `127.0.0.1:${await freePort()}` };
}

/** Where the console of a server is. */
export function consoleOf(server: Server): string {
  return `http://${server.env.ADMIN_ADDR}`;
}

/** A link that the shell prints. */
export async function linkTo(server: Server): Promise<string> {
  const { output } = await server.run('console', '--as', 'mina', '--reason', 'the night shift');
  const [link] = /http:\S+\/enter\?token=\S+/.exec(output) ?? [];
  if (!link) throw new Error(`no link: ${output}`);
  return link;
}

/** Comes in by a link. */
export async function enter(page: Page, server: Server): Promise<void> {
  await page.goto(await linkTo(server));
  await page.locator('#enter button').click();
  await page.waitForURL(`${consoleOf(server)}/`);
}

/** Codes to one prefix that nobody gives back, until the guard holds it. */
export async function pump(server: Server): Promise<void> {
  for (let last = 0; last < 9; last += 1) {
    const body = JSON.stringify({ phone_number: `0109999000${last}` });
    await fetch(`${server.origin}/v1/verification`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
}

/** Looks a number up. */
export async function lookUp(page: Page, number: string): Promise<void> {
  await page.locator('nav a[href="/number"]').click();
  await page.locator('#phone_number').fill(number);
  await page.locator('#look-up button').click();
}
