import { json, type Answer } from './http';
import { invalidParameter, notFound, twilioErrors } from './twilio_errors';
import { check, checkBody, MAX_CHECKS, MAX_SENDS, newVerification, send, verificationBody, type Verification } from './twilio_verification';

export interface BookSettings {
  accountSid: string;
  serviceSid: string;
  /** How long a code is good: 600 s at the vendor (providers B4). */
  lifetimeSecs: number;
  /**
   * The documents allow both for a verification whose five checks are used (providers B4): `refuses` with 60202 until it
   * expires or is cancelled, or `vanishes` and answers 20404.
   */
  exhausted: 'refuses' | 'vanishes';
}

const CHANNELS = ['sms', 'call', 'email', 'whatsapp', 'sna', 'auto'];

/** All verifications of one service, and the four operations on them (providers B1, B4). */
export class Book {
  readonly verifications: Verification[] = [];

  constructor(
    private readonly settings: BookSettings,
    private readonly now: () => number,
  ) {}

  /** A start while one is pending repeats its code under the same sid; the sixth is refused (providers B4). */
  start(form: URLSearchParams): Answer {
    const invalid = this.invalidStart(form);
    if (invalid) return invalid;
    const live = this.liveFor(form.get('To') ?? '');
    if (live && live.sends.length >= MAX_SENDS) return twilioErrors[60203];
    const verification = live ?? this.open(form);
    send(verification, channelOf(form), this.now());
    return json(201, this.document(verification));
  }

  /** A wrong code is 200, pending and not valid; what is over is not found (providers B4). */
  check(form: URLSearchParams): Answer {
    const invalid = this.invalidCheck(form);
    if (invalid) return invalid;
    const verification = this.checked(form);
    if (!verification) return notFound(`/Services/${this.settings.serviceSid}/VerificationCheck`);
    if (verification.checks >= MAX_CHECKS) return twilioErrors[60202];
    check(verification, form.get('Code') ?? '', this.now());
    return json(200, checkBody(verification, this.settings.accountSid, this.settings.serviceSid));
  }

  /** By sid, or by number with a raw or an encoded plus (providers B1). */
  fetch(key: string): Answer {
    const verification = this.byKey(key);
    return verification ? json(200, this.document(verification)) : this.missing(key);
  }

  /** Ends a verification: cancelled or approved by the caller (providers B1). */
  update(key: string, form: URLSearchParams): Answer {
    const status = form.get('Status');
    if (status !== 'canceled' && status !== 'approved') return invalidParameter('Status', status ?? '');
    const verification = this.byKey(key);
    if (!verification) return this.missing(key);
    Object.assign(verification, { status, updatedAt: this.now() });
    return json(200, this.document(verification));
  }

  /** The verification that a number can still be proved with. */
  liveFor(to: string): Verification | undefined {
    return this.verifications.find((one) => one.to === to && this.isLive(one));
  }

  private open(form: URLSearchParams): Verification {
    const verification = newVerification(form.get('To') ?? '', form.get('CustomCode') ?? undefined, this.now());
    this.verifications.push(verification);
    return verification;
  }

  private checked(form: URLSearchParams): Verification | undefined {
    const [sid, to] = [form.get('VerificationSid'), form.get('To')];
    return this.verifications.find((one) => this.isLive(one) && (!sid || one.sid === sid) && (!to || one.to === to));
  }

  private byKey(key: string): Verification | undefined {
    return this.verifications.find((one) => this.isLive(one) && (one.sid === key || one.to === key));
  }

  private isLive(one: Verification): boolean {
    const expired = this.now() >= one.startedAt + this.settings.lifetimeSecs * 1000;
    const vanished = this.settings.exhausted === 'vanishes' && one.checks >= MAX_CHECKS;
    return one.status === 'pending' && !expired && !vanished;
  }

  private invalidStart(form: URLSearchParams): Answer | undefined {
    const [to, channel, code] = [form.get('To') ?? '', form.get('Channel') ?? '', form.get('CustomCode')];
    if (!isNumber(to)) return invalidParameter('To', to);
    if (!CHANNELS.includes(channel)) return invalidParameter('Channel', channel);
    return code === null || isCode(code) ? undefined : invalidParameter('CustomCode', code);
  }

  private invalidCheck(form: URLSearchParams): Answer | undefined {
    const [sid, to, code] = [form.get('VerificationSid'), form.get('To'), form.get('Code') ?? ''];
    if (!isCode(code)) return invalidParameter('Code', code);
    if (sid === null && to === null) return invalidParameter('To');
    if (sid !== null && !/^VE[0-9a-fA-F]{32}$/.test(sid)) return invalidParameter('VerificationSid', sid);
    return to === null || isNumber(to) ? undefined : invalidParameter('To', to);
  }

  private document(verification: Verification): object {
    return verificationBody(verification, this.settings.accountSid, this.settings.serviceSid);
  }

  private missing(key: string): Answer {
    return notFound(`/Services/${this.settings.serviceSid}/Verifications/${key}`);
  }
}

/** With `auto` the vendor picks the channel, and its documents name the one it picked (providers B1, B2). */
function channelOf(form: URLSearchParams): string {
  const channel = form.get('Channel') ?? '';
  return channel === 'auto' ? 'sms' : channel;
}

/** E.164 with its plus (providers B1). */
function isNumber(to: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(to);
}

/** A code has 4 to 10 characters (providers B1). */
function isCode(code: string): boolean {
  return code.length >= 4 && code.length <= 10;
}
