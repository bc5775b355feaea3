import { createHmac } from 'node:crypto';
import { isSame } from './same';

/** Standard Webhooks leaves the tolerance open; its own libraries allow five minutes, in both directions. */
const TOLERANCE_SECS = 300;

/** What a signed request carries in its headers. */
export interface HookHeaders {
  'webhook-id': string;
  /** Seconds since 1970. */
  'webhook-timestamp': string;
  /** `v1,` and base64, one for each secret, separated by spaces. */
  'webhook-signature': string;
}

/** Signs a body with each of the secrets (`whsec_…`, separated by spaces). */
export function signHook(secrets: string, id: string, at: number, body: string): HookHeaders {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.split(' ').map((secret) => signature(secret, id, timestamp, body));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** What is wrong with the headers of a signed request, if anything is: any signature by any of our secrets will do. */
export function faultOfHook(headers: Record<string, string>, body: string, secrets: string, now: number): string | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
  if (!id || !timestamp || !given) return 'a header is missing';
  if (!isTimely(timestamp, now)) return 'the timestamp is not of now';
  const expected = secrets.split(' ').map((secret) => signature(secret, id, timestamp, body));
  const fits = given.split(' ').map((one) => expected.map((other) => isSame(one, other)).includes(true));
  return fits.includes(true) ? undefined : 'no signature fits';
}

function signature(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64')}`;
}

function isTimely(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Math.floor(now / 1000) - Number(timestamp)) <= TOLERANCE_SECS;
}
