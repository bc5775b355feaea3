import type { TwilioVerify } from './twilio_verify';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

/** Posts a form to the emulator as a careful client would, with the differences that a test wants to see refused. */
export async function post(
  twilio: TwilioVerify,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return reply(await fetch(urlOf(twilio, path), {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { ...headersOf(twilio), 'content-type': 'application/x-www-form-urlencoded', ...headers },
  }));
}

export async function get(twilio: TwilioVerify, path: string): Promise<Reply> {
  return reply(await fetch(urlOf(twilio, path), { headers: headersOf(twilio) }));
}

export function start(twilio: TwilioVerify, To: string, more: Record<string, string> = {}): Promise<Reply> {
  return post(twilio, '/Verifications', { To, Channel: 'sms', ...more });
}

export function check(twilio: TwilioVerify, form: Record<string, string>): Promise<Reply> {
  return post(twilio, '/VerificationCheck', form);
}

function urlOf(twilio: TwilioVerify, path: string): string {
  return `${twilio.url}/v2/Services/${twilio.settings.serviceSid}${path}`;
}

function headersOf({ settings }: TwilioVerify): Record<string, string> {
  const credentials = Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

async function reply(response: Response): Promise<Reply> {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
