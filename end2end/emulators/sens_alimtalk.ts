import { answered, arrived, newTalk, shown, talkOutcomes, type SentTalk, type TalkOutcome } from './sens_alimtalk_message';
import { readTalks, type Talk, type TalkRequest } from './sens_alimtalk_request';
import { fits } from './sens_alimtalk_template';
import { doesTheWork, type Behaviour } from './behaviour';
import { Emulator, type Reply } from './emulator';
import { json, type Answer, type Arrival } from './http';
import type { Sens } from './sens';
import { seoul, sensErrors } from './sens_answers';
import { ENCODED_SERVICE, refusedAtTheGate, serviceOf } from './sens_gate';
import { newRequestId, SMS_BYTES } from './sens_message';
import type { SensKeys } from './sens_signature';
import { codeIn } from './sens_text';

export interface AlimtalkSettings extends SensKeys {
  serviceId: string;
  /** The channel, registered in the vendor's console. */
  plusFriendId: string;
  /** The approved text and its name. */
  templateCode: string;
  template: string;
  /** The failover's sender, registered in the vendor's console. */
  sender: string;
}

export interface AlimtalkOptions extends Partial<AlimtalkSettings> {
  /** The vendor's text messages: keys and sender are theirs then, and each answers at the other's address. */
  sms?: Sens;
  /** A failover's text with more bytes than this is a violation: the vendor's 90 unless said. */
  maxBytes?: number;
  /**
   * What becomes of a text that is not the approved one is not documented: `refused` in the answer to the send, or `fails` at
   * Kakao and goes out as a text message.
   */
  mismatch?: 'refused' | 'fails';
  now?: () => number;
}

type Operation = 'send' | 'list' | 'get';

export interface AlimtalkBehaviour extends Behaviour {
  on?: Operation;
  /** What becomes of the talk, one of `talkOutcomes`: delivered unless said. */
  outcome?: TalkOutcome;
}

const SETTINGS: AlimtalkSettings = {
  accessKey: 'TESTACCESSKEY0000001',
  secretKey: 'testSecretKey0123456789abcdefghijklmnopqr',
  serviceId: 'ncp:kkobizmsg:kr:1234567:verify-talk',
  plusFriendId: '@테스트샵',
  templateCode: 'signup01',
  template: '[테스트샵] 인증번호는 #{인증번호}입니다.\n타인에게 알려주지 마세요.',
  sender: '15880000',
};

/**
 * Starts an emulator of Naver Cloud SENS AlimTalk v2: a talk is sent and its result asked for, with the text message that
 * goes out when the talk fails. From the official pages sens-alimtalk-send and sens-alimtalk-get at api.ncloud-docs.com and
 * from the published clients @pickk/sens, Handwoong/naver-sens-java and comento/laravel-sens-alimtalk.
 */
export function startSensAlimtalk(options: AlimtalkOptions = {}): Promise<SensAlimtalk> {
  return new SensAlimtalk(options).listen();
}

export class SensAlimtalk extends Emulator<AlimtalkBehaviour> {
  readonly settings: AlimtalkSettings;
  readonly sent: SentTalk[] = [];
  private readonly maxBytes: number;
  private readonly mismatch: TalkOutcome;
  private readonly now: () => number;

  constructor({ sms, maxBytes = SMS_BYTES, mismatch = 'refused', now = Date.now, ...settings }: AlimtalkOptions) {
    super();
    const { accessKey, secretKey, sender } = sms?.settings ?? SETTINGS;
    this.settings = { ...SETTINGS, accessKey, secretKey, sender, ...settings };
    if (sms) this.leaveTo('/sms/', sms);
    sms?.leaveTo('/alimtalk/', this);
    this.maxBytes = maxBytes;
    this.mismatch = mismatch === 'refused' ? talkOutcomes.refused : talkOutcomes.mismatched;
    this.now = now;
  }

  /** The texts that a phone shows, by talk or by its failover, newest last. */
  inbox(to: string): string[] {
    return this.sent.filter((one) => one.to === to).flatMap((one) => arrived(one) ?? []);
  }

  /** The code in the newest text of a phone. */
  lastCode(to: string): string {
    const code = codeIn(this.inbox(to).at(-1) ?? '');
    if (!code) throw new Error(`no code has reached ${to}`);
    return code;
  }

  protected override operationOf(method: string, target: string): Operation {
    if (method === 'POST' && target.endsWith('/messages')) return 'send';
    return /\/messages\/[^/]+$/.test(target) ? 'get' : 'list';
  }

  protected override reply(arrival: Arrival): Reply {
    if (serviceOf(arrival, 'alimtalk').includes('%')) this.violations.push(ENCODED_SERVICE);
    const refusal = refusedAtTheGate(arrival, 'alimtalk', this.settings, this.now());
    if (refusal) return { answer: refusal };
    const operation = this.operationOf(arrival.method, arrival.target);
    if (operation === 'send') return this.replyToSend(arrival);
    return { answer: this.look(arrival), behaviour: this.scripts.take(this.numberOf(arrival), operation) };
  }

  private replyToSend(arrival: Arrival): Reply {
    const send = readTalks(arrival, { ...this.settings, maxBytes: this.maxBytes });
    this.violations.push(...send.violations);
    if (send.refused) return { answer: sensErrors.badRequest };
    const behaviour = this.scripts.take(send.talks[0]?.to ?? '', 'send') ?? {};
    const answer = doesTheWork(behaviour) ? this.accept(send, behaviour.outcome) : sensErrors.unexpected;
    return { answer, behaviour };
  }

  /** Whatever becomes of its messages, the request is accepted; each message says for itself whether it was taken. */
  private accept({ talks, templateCode }: TalkRequest, outcome?: TalkOutcome): Answer {
    const at = this.now();
    const requestId = newRequestId(at);
    const sent = talks.map((talk) => newTalk(talk, templateCode, requestId, at, outcome ?? this.ordinary(talk, templateCode)));
    this.sent.push(...sent);
    const requestTime = seoul(at).replace(' ', 'T');
    return json(202, { requestId, requestTime, statusCode: '202', statusName: 'success', messages: sent.map(answered) });
  }

  /** The text has to be the approved one with its values filled in. */
  private ordinary(talk: Talk, templateCode: string): TalkOutcome {
    const isApproved = templateCode === this.settings.templateCode && fits(this.settings.template, talk.content);
    return isApproved ? talkOutcomes.delivered : this.mismatch;
  }

  private numberOf({ target }: Arrival): string {
    return this.sent.find((one) => target.includes(one.requestId) || target.includes(one.messageId))?.to ?? '';
  }

  /** One message stands alone in its answer; a list stands in `messages`. */
  private look({ method, target }: Arrival): Answer {
    if (method !== 'GET') return sensErrors.notFound;
    const { pathname, searchParams } = new URL(target, 'http://sens');
    const messageId = /\/messages\/([^/]+)$/.exec(pathname)?.[1];
    const found = this.sent.filter((one) => (messageId ? one.messageId === messageId : one.requestId === searchParams.get('requestId')));
    for (const talk of found) talk.looks += 1;
    const messages = found.map((talk) => shown(talk, this.settings.plusFriendId));
    if (messageId) return messages[0] ? json(200, messages[0]) : sensErrors.notFound;
    const requestId = searchParams.get('requestId');
    return requestId ? json(200, { requestId, statusCode: '202', statusName: 'success', messages }) : sensErrors.badRequest;
  }
}
