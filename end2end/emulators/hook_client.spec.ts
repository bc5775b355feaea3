import { expect, test as base } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { startHook, type Hook } from './hook';
import { hookBody } from './hook_caller';
import { signHook } from './standard_webhooks';

const test = base.extend<{ hook: Hook }>({
  hook: async ({}, use) => {
    const hook = await startHook();
    await use(hook);
    await hook.close();
  },
});

const NUMBER = '+821012345678';
const BODY = hookBody(NUMBER);

interface Sending {
  secret?: string;
  /** How far off its clock is. */
  seconds?: number;
  /** Sent in the place of what was signed. */
  body?: string;
  id?: string;
}

/** The reference library signs; only the sending is ours. */
function send(hook: Hook, { secret = hook.settings.secret, seconds = 0, body = BODY, id = 'msg_1' }: Sending = {}): Promise<Response> {
  const at = new Date(Date.now() + seconds * 1000);
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, BODY),
    'content-type': 'application/json',
  };
  return fetch(hook.endpoint, { method: 'POST', body, headers });
}

test('what the reference library signs is accepted', async ({ hook }) => {
  expect((await send(hook)).status).toBe(200);
  for (const seconds of [-295, 295]) expect((await send(hook, { seconds })).status).toBe(200);
  expect(hook.lastCode(NUMBER)).toBe('123456');
  expect(hook.violations).toEqual([]);
});

const REFUSED: [string, Sending][] = [
  ['of somebody else', { secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` }],
  ['tampered with', { body: hookBody('+821087654321') }],
  ['under another id', { id: 'msg_2' }],
  ['too old', { seconds: -305 }],
  ['of the future', { seconds: 305 }],
];

for (const [what, sending] of REFUSED) {
  test(`what the reference library signs and is ${what} is refused`, async ({ hook }) => {
    expect((await send(hook, sending)).status).toBe(401);
    expect([hook.tries, hook.sent]).toEqual([[], []]);
  });
}

test('what we sign is verified by the reference library, also with two secrets', () => {
  const [one, other] = [1, 2].map((byte) => `whsec_${Buffer.alloc(40, byte).toString('base64')}`) as [string, string];
  const headers = { ...signHook(`${one} ${other}`, 'msg_1', Date.now(), BODY) };
  for (const secret of [one, other]) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  expect(() => new Webhook(one).verify(`${BODY} `, headers)).toThrow('No matching signature found');
});
