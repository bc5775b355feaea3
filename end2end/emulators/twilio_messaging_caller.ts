import type { TwilioMessaging } from './twilio_messaging';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

export const TEXT = '[테스트샵] 인증번호 [123456]\n\n@example.com #123456';

/** Sends one message the way it should be sent, with the differences that a test wants to see refused. */
export async function sendMessage(
  twilio: TwilioMessaging,
  To: string,
  changes: Record<string, string | undefined> = {},
  headers: Record<string, string> = {},
): Promise<Reply> {
  const fields = { To, From: twilio.settings.from, Body: TEXT, ...changes };
  const form = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return reply(await fetch(urlOf(twilio, '.json'), {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { ...credentialsOf(twilio), 'content-type': 'application/x-www-form-urlencoded', ...headers },
  }));
}

export async function fetchMessage(twilio: TwilioMessaging, sid: string): Promise<Reply> {
  return reply(await fetch(urlOf(twilio, `/${sid}.json`), { headers: credentialsOf(twilio) }));
}

function urlOf(twilio: TwilioMessaging, path: string): string {
  return `${twilio.url}/2010-04-01/Accounts/${twilio.settings.accountSid}/Messages${path}`;
}

function credentialsOf({ settings }: TwilioMessaging): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}` };
}

async function reply(response: Response): Promise<Reply> {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
