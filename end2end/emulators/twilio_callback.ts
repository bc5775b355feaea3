import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Step, TextMessage } from './twilio_text_message';

/** A status callback that was posted, and what it was answered: nothing when the other side did not answer. */
export interface Callback {
  url: string;
  form: Record<string, string>;
  signature: string;
  status: number | undefined;
}

/** Base64 of HMAC-SHA1 over the whole URL and each name and value of the form, sorted by name (usage/webhooks/webhooks-security). */
export function signatureOf(url: string, form: Record<string, string>, authToken: string): string {
  const fields = Object.keys(form).sort().map((name) => name + form[name]);
  return createHmac('sha1', authToken).update(url + fields.join(''), 'utf8').digest('base64');
}

/** The fields of a callback; the vendor says that it adds some from time to time, and all of them are signed. */
export function callbackForm(message: TextMessage, step: Step, accountSid: string): Record<string, string> {
  return {
    SmsSid: message.sid,
    SmsStatus: step.status,
    MessageStatus: step.status,
    To: message.to,
    MessageSid: message.sid,
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    ...(message.from ? { From: message.from } : {}),
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    ...(step.errorCode ? { ErrorCode: String(step.errorCode) } : {}),
    ...(step.status === 'delivered' ? { RawDlrDoneDate: '2611270915' } : {}),
  };
}

/** Posts a form; gives the status of the answer. The TLS proxy of a story has no certificate that anybody knows. */
export function postForm(url: string, form: Record<string, string>, headers: Record<string, string>): Promise<number | undefined> {
  const body = new URLSearchParams(form).toString();
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body), 'user-agent': 'TwilioProxy/1.1', ...headers },
    timeout: 15_000,
    rejectUnauthorized: false,
  };
  return new Promise((resolve) => {
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, options, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
    request.end(body);
  });
}
