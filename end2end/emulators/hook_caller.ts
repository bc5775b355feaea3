import { randomUUID } from 'node:crypto';
import type { Hook } from './hook';
import { signHook } from './standard_webhooks';

export const TEXT = '[테스트샵] 인증번호 [123456]\n@example.com #123456';

/** A body as Beonho writes it; each group of `changes` goes over that of the ordinary body. */
export function hookBody(to: string, changes: Record<string, object | null> = {}): string {
  const phone = to.replace('+', '');
  const ordinary = {
    metadata: { uuid: randomUUID(), time: new Date().toISOString(), name: 'send-sms' },
    user: { id: 'subject-1', phone },
    sms: { otp: '123456', sms_type: 'sign_up', phone },
    beonho: { text: TEXT, locale: 'ko', channel: 'sms', challenge_id: 'challenge-1' },
  };
  const groups = Object.entries(ordinary).map(([name, fields]) => {
    const change = changes[name];
    return [name, change === null ? undefined : { ...fields, ...change }];
  });
  return JSON.stringify(Object.fromEntries(groups));
}

export interface Posting {
  id?: string;
  secret?: string;
  headers?: Record<string, string>;
}

/** Posts a body as a careful client would, with the differences that a test wants to see. */
export function post(hook: Hook, body: string, { id = randomUUID(), secret = hook.settings.secret, headers = {} }: Posting = {}): Promise<Response> {
  return fetch(hook.endpoint, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: { 'content-type': 'application/json', ...signHook(secret, id, Date.now(), body), ...headers },
  });
}
