import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../support/fixture';
import { arrive, enterCode, expectState, latestCode, requestCode, signUp } from '../support/journey';
import { PHONE } from '../support/phones';
import { BINARY, startServer } from '../support/server';

test.use({
  beonho: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'one-file-'));
    const program = join(folder, 'beonho');
    await copyFile(BINARY, program);
    const server = await startServer({}, { program, args: [] });
    await use(server);
    await server.dispose();
    expect(await readdir(folder), 'what it left beside itself').toEqual(['beonho']);
    await rm(folder, { recursive: true });
  },
});

test('the binary alone, copied into an empty folder, is the whole service', async ({ page }) => {
  await arrive(page);
  await expect(page.locator('body')).toHaveCSS('margin', '0px');
  await requestCode(page, PHONE.typed);
  await expectState(page, 'pending');
  await enterCode(page, await latestCode(page));
  await expectState(page, 'verified');
  await signUp(page, '민지');
  await expect(page).toHaveURL('/welcome');
});
