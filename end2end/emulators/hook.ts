import { randomBytes } from 'node:crypto';
import { doesTheWork, type Behaviour } from './behaviour';
import { Emulator, type Reply } from './emulator';
import { hookAnswers, hookError } from './hook_answers';
import { readHook, type HookText } from './hook_request';
import type { Arrival } from './http';
import { faultOfHook, signHook } from './standard_webhooks';

export interface HookSettings {
  /** `whsec_…`; several are separated by spaces. */
  secret: string;
  path: string;
}

export interface HookOptions extends Partial<HookSettings> {
  now?: () => number;
}

/** How a text ended, as an endpoint tells Beonho. */
export interface HookReport {
  send_id: string;
  status: 'delivered' | 'failed';
  reason?: string;
}

const SETTINGS: HookSettings = {
  secret: `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`,
  path: '/send-sms',
};

/**
 * Starts what a team of its own would have: an endpoint that sends texts for Beonho. In the comments here, "providers C" and
 * "integration 7.2" are sections of the notes on the vendors: of Standard Webhooks and of Supabase's Send SMS hook.
 */
export function startHook(options: HookOptions = {}): Promise<Hook> {
  return new Hook(options).listen();
}

/** Numbers are E.164 here, also where behaviours are scripted. */
export class Hook extends Emulator<Behaviour> {
  readonly settings: HookSettings;
  /** All that was asked for with a good signature and in the right shape, whatever was answered. */
  readonly tries: HookText[] = [];
  /** What went out: once for each `webhook-id`. */
  readonly sent: HookText[] = [];
  /** How often something was asked for that had gone out already. */
  repeats = 0;
  private readonly now: () => number;

  constructor({ now = Date.now, ...settings }: HookOptions) {
    super();
    this.settings = { ...SETTINGS, ...settings };
    this.now = now;
  }

  get endpoint(): string {
    return this.url + this.settings.path;
  }

  /** The texts that a phone shows, newest last. */
  inbox(to: string): string[] {
    return this.sent.filter((one) => one.to === to).map((one) => one.text);
  }

  /** The newest code of a phone: the endpoint is told it, and may write a text of its own around it. */
  lastCode(to: string): string {
    return this.lastSent(to).otp;
  }

  /** Tells Beonho how the newest text to a number ended; gives the status of its answer. */
  async report(origin: string, to: string, status: HookReport['status'], reason?: string): Promise<number> {
    const response = await this.tell(origin, { send_id: this.lastSent(to).id, status, ...(reason && { reason }) });
    return response.status;
  }

  /** Posts any report, signed; `changes` are headers that a test wants to be something else. */
  tell(origin: string, data: HookReport, changes: Record<string, string> = {}): Promise<Response> {
    const body = JSON.stringify({ type: 'sms.delivery', data });
    const headers = signHook(this.settings.secret, `msg_${randomBytes(12).toString('hex')}`, this.now(), body);
    return fetch(`${origin}/hooks/sms`, {
      method: 'POST',
      redirect: 'manual',
      body,
      headers: { 'content-type': 'application/json', ...headers, ...changes },
    });
  }

  protected override operationOf(): string {
    return 'send';
  }

  /** The path, then the signature, then the shape (integration 7.2). */
  protected override reply(arrival: Arrival): Reply {
    if (arrival.method !== 'POST' || arrival.target !== this.settings.path) return { answer: hookAnswers.notFound };
    const fault = faultOfHook(arrival.headers, arrival.body, this.settings.secret, this.now());
    if (fault) return { answer: hookError(401, fault) };
    const { text, violations } = readHook(arrival);
    this.violations.push(...violations);
    if (!text) return { answer: hookError(400, violations.join('; ')) };
    const behaviour = this.scripts.take(text.to, 'send') ?? {};
    this.tries.push(text);
    if (doesTheWork(behaviour)) this.send(text);
    return { answer: hookAnswers.accepted, behaviour };
  }

  /** A text whose id is known is on its way: it is accepted again and not sent again. */
  private send(text: HookText): void {
    const earlier = this.sent.find((one) => one.id === text.id);
    if (!earlier) return void this.sent.push(text);
    this.repeats += 1;
    const same = earlier.to === text.to && earlier.otp === text.otp;
    if (!same) this.violations.push(`${text.id} came again with another number or code`);
  }

  private lastSent(to: string): HookText {
    const text = this.sent.filter((one) => one.to === to).at(-1);
    if (!text) throw new Error(`no code has reached ${to}`);
    return text;
  }
}
