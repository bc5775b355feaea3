import { createHmac } from 'node:crypto';
import { isSame } from './same';

export interface SolapiKeys {
  apiKey: string;
  apiSecret: string;
}

/** Off by a quarter of an hour or more is RequestTimeTooSkewed, and no signature is taken twice in that time (api-key page). */
const WINDOW_MS = 15 * 60 * 1000;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export type Verdict = 'valid' | 'missing' | 'unknownKey' | 'skewed' | 'mismatch' | 'used';

/** Hexadecimal in small letters over the date and the salt, and nothing else: neither path nor body is signed (providers C). */
export function sign(date: string, salt: string, apiSecret: string): string {
  return createHmac('sha256', apiSecret).update(date + salt, 'utf8').digest('hex');
}

/** The whole header. */
export function authorizationOf({ apiKey, apiSecret }: SolapiKeys, date: string, salt: string): string {
  return `HMAC-SHA256 apiKey=${apiKey}, date=${date}, salt=${salt}, signature=${sign(date, salt, apiSecret)}`;
}

/** Judges authorizations, and remembers those that it took. */
export class Signatures {
  /** What a careful client would not do although it is taken. */
  readonly violations: string[] = [];
  private readonly taken = new Map<string, number>();
  private readonly salts = new Set<string>();

  constructor(private readonly keys: SolapiKeys) {}

  judge(header: string | undefined, now: number): Verdict {
    const [, apiKey, date = '', salt = '', signature = ''] =
      /^HMAC-SHA256 apiKey=([^,\s]+), date=([^,\s]+), salt=([^,\s]+), signature=([^,\s]+)$/.exec(header ?? '') ?? [];
    if (!apiKey) return 'missing';
    if (apiKey !== this.keys.apiKey) return 'unknownKey';
    if (!isTimely(date, now)) return 'skewed';
    if (!isSalt(salt) || !isSame(signature, sign(date, salt, this.keys.apiSecret))) return 'mismatch';
    if (now - (this.taken.get(signature) ?? -Infinity) < WINDOW_MS) return 'used';
    this.take(signature, salt, now);
    return 'valid';
  }

  /** A salt is to be another on every request; one that comes again with another date is taken (api-key page). */
  private take(signature: string, salt: string, now: number): void {
    if (this.salts.has(salt)) this.violations.push('a salt was used again');
    this.salts.add(salt);
    this.taken.set(signature, now);
  }
}

function isTimely(date: string, now: number): boolean {
  return INSTANT.test(date) && Math.abs(now - Date.parse(date)) < WINDOW_MS;
}

/** 12 to 64 bytes (api-key page); what another length is answered is not published, so that it is no match is a guess. */
function isSalt(salt: string): boolean {
  const bytes = Buffer.byteLength(salt);
  return bytes >= 12 && bytes <= 64;
}
