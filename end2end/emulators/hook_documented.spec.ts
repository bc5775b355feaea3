import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import { documented } from '../applications/documented';
import { freePort } from '../support/port';
import { Running } from '../support/process';
import { hookBody } from './hook_caller';
import { signHook } from './standard_webhooks';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const NUMBER = '+821012345678';

/** The program of docs/senders.md as it stands there; what sends in it only says so, and fails for one number. */
async function program(port: number): Promise<string> {
  const [block = ''] = await documented('senders.md', 'http', 'js', { 8080: String(port) });
  return `const sendSomehow = async (to, text) => { if (to.endsWith('0')) throw to; console.log(JSON.stringify([to, text])); };\n${block}`;
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST' }).then(() => true, () => false);
}

test('the documented endpoint refuses strangers, sends once for each id, and says when it does not know', async ({}, info) => {
  const port = await freePort();
  const file = info.outputPath('endpoint.mjs');
  await writeFile(file, await program(port));
  const endpoint = new Running({ program: process.execPath, args: [file], env: { SMS_HTTP_SECRET: SECRET }, cwd: dirname(file) });
  const url = `http://127.0.0.1:${port}/`;
  try {
    await endpoint.until(() => answers(url), 10);
    const post = async (to: string, secret: string, id: string) => {
      const body = hookBody(to);
      return (await fetch(url, { method: 'POST', body, headers: { ...signHook(secret, id, Date.now(), body) } })).status;
    };
    expect(await post(NUMBER, `whsec_${Buffer.alloc(32, 4).toString('base64')}`, 'send-1')).toBe(401);
    for (const id of ['send-1', 'send-1', 'send-2']) expect(await post(NUMBER, SECRET, id)).toBe(204);
    expect(await post('+821012345670', SECRET, 'send-3')).toBe(504);
    const sent = () => endpoint.output.split('\n').filter((line) => line.startsWith('["'));
    await expect.poll(sent).toEqual([expect.stringContaining(`["${NUMBER}","[테스트샵] 인증번호 [123456]`), expect.anything()]);
  } finally {
    await endpoint.stop();
  }
});
