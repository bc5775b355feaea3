import { createHmac } from 'node:crypto';
import type { Arrival } from './http';
import { isSame } from './same';

export interface SensKeys {
  accessKey: string;
  secretKey: string;
}

/** "5 minutes or more" of difference makes a request invalid (providers A2). */
const SKEW_MS = 5 * 60 * 1000;

/** The text that is signed: method, path and query as on the request line, time, access key; never the body (providers A3). */
export function stringToSign(method: string, target: string, timestamp: string, accessKey: string): string {
  return `${method} ${target}\n${timestamp}\n${accessKey}`;
}

/** Base64 of HMAC-SHA256; the secret is used as text, not decoded (providers A3). */
export function sign(method: string, target: string, timestamp: string, keys: SensKeys): string {
  const text = stringToSign(method, target, timestamp, keys.accessKey);
  return createHmac('sha256', keys.secretKey).update(text, 'utf8').digest('base64');
}

/** The gateway tells headers that are absent from headers that are wrong (providers A8). */
export function authenticate(arrival: Arrival, keys: SensKeys, now: number): 'valid' | 'missing' | 'invalid' {
  const timestamp = arrival.headers['x-ncp-apigw-timestamp'];
  const accessKey = arrival.headers['x-ncp-iam-access-key'];
  const signature = arrival.headers['x-ncp-apigw-signature-v2'];
  if (!timestamp || !accessKey || !signature) return 'missing';
  const expected = sign(arrival.method, arrival.target, timestamp, keys);
  const valid = isTimely(timestamp, now) && accessKey === keys.accessKey && isSame(signature, expected);
  return valid ? 'valid' : 'invalid';
}

function isTimely(timestamp: string, now: number): boolean {
  return /^\d+$/.test(timestamp) && Math.abs(now - Number(timestamp)) < SKEW_MS;
}
