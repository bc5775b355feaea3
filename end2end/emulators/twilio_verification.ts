import { randomBytes, randomInt } from 'node:crypto';

export type VerificationStatus = 'pending' | 'approved' | 'canceled';

/** One verification as the vendor keeps it. */
export interface Verification {
  sid: string;
  to: string;
  channel: string;
  code: string;
  status: VerificationStatus;
  sends: { time: string; channel: string; attempt_sid: string }[];
  checks: number;
  startedAt: number;
  updatedAt: number;
}

/** Five sends and five checks for each verification (providers B4). */
export const MAX_SENDS = 5;
export const MAX_CHECKS = 5;

/** A vendor's identifier: two letters and 32 hexadecimal digits (providers B1). */
export function newSid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}

/** A verification with a fresh code, before anything is sent. */
export function newVerification(to: string, customCode: string | undefined, now: number): Verification {
  const code = customCode ?? String(randomInt(1_000_000)).padStart(6, '0');
  return { sid: newSid('VE'), to, channel: '', code, status: 'pending', sends: [], checks: 0, startedAt: now, updatedAt: now };
}

/** A repeated start sends the same code again and the list of attempts grows (providers B2, B4). */
export function send(verification: Verification, channel: string, now: number): void {
  verification.channel = channel;
  verification.sends.push({ time: isoSeconds(now), channel, attempt_sid: newSid('VL') });
  verification.updatedAt = now;
}

/** One of the five checks; the right code approves (providers B4). */
export function check(verification: Verification, code: string, now: number): void {
  verification.checks += 1;
  verification.updatedAt = now;
  if (code === verification.code) verification.status = 'approved';
}

/** The verification's own document (providers B2). */
export function verificationBody(one: Verification, account: string, service: string): object {
  return {
    ...commonBody(one, account, service),
    lookup: { carrier: null },
    send_code_attempts: one.sends,
    sna: null,
    url: `https://verify.twilio.com/v2/Services/${service}/Verifications/${one.sid}`,
  };
}

/** The document that a check answers: without lookup, attempts, sna and url (providers B2). */
export function checkBody(one: Verification, account: string, service: string): object {
  return { ...commonBody(one, account, service), sna_attempts_error_codes: null };
}

function commonBody(one: Verification, account: string, service: string): object {
  return {
    sid: one.sid,
    service_sid: service,
    account_sid: account,
    to: one.to,
    channel: one.channel,
    status: one.status,
    valid: one.status === 'approved',
    amount: null,
    payee: null,
    date_created: isoSeconds(one.startedAt),
    date_updated: isoSeconds(one.updatedAt),
  };
}

/** ISO-8601 without milliseconds, as in the vendor's examples (providers B2). */
function isoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
