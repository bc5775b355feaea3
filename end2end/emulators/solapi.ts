import { doesTheWork, type Behaviour } from './behaviour';
import { Emulator, type Reply } from './emulator';
import type { Answer, Arrival } from './http';
import { codeIn } from './sens_text';
import { listAnswer, refusals, sendAnswer, solapiErrors, type Registered } from './solapi_answers';
import { contentOf, look, newId, newMessage, type Replacing, type SolapiDelivery, type SolapiMessage } from './solapi_message';
import { readSend, type KakaoTemplate, type SolapiSend } from './solapi_request';
import { Signatures, type SolapiKeys } from './solapi_signature';

export interface SolapiSettings extends SolapiKeys {
  /** The sender's number, registered in the vendor's console. */
  sender: string;
  template: KakaoTemplate;
}

export interface SolapiOptions extends Partial<SolapiSettings> {
  /** A text with more bytes than this is a violation: the vendor's 90 unless said. */
  maxBytes?: number;
  replacing?: Replacing;
  now?: () => number;
}

type Operation = 'send' | 'list';

/** `refuse` is the code with which a message is not taken, `delivery` how it ends when it is. */
export interface SolapiBehaviour extends Behaviour {
  on?: Operation;
  refuse?: string;
  delivery?: SolapiDelivery;
}

const SETTINGS: SolapiSettings = {
  apiKey: 'TESTSOLAPIKEY001',
  apiSecret: 'TESTSOLAPISECRET0000000000000000',
  sender: '0212345678',
  template: { pfId: 'KA01PF0000000000000000000000TEST', templateId: 'KA01TP0000000000000000000000TEST', content: '[Beonho] 인증번호는 #{인증번호}입니다.' },
};

/**
 * Starts an emulator of Solapi's messages v4. In the comments here, "providers C" is a section of the notes on the vendors, and pages
 * are the vendor's: api-key and message-status-codes of docs.solapi.com, sendManyDetail of developers.solapi.com, msg-getList of
 * solapi.com/developers/api.
 */
export function startSolapi(options: SolapiOptions = {}): Promise<Solapi> {
  return new Solapi(options).listen();
}

export class Solapi extends Emulator<SolapiBehaviour> {
  readonly settings: SolapiSettings;
  readonly sent: SolapiMessage[] = [];
  private readonly signatures: Signatures;
  private readonly now: () => number;
  private readonly maxBytes: number;
  private readonly replacing: Replacing;

  constructor({ maxBytes = 90, replacing = 'same_message', now = Date.now, ...settings }: SolapiOptions) {
    super();
    this.settings = { ...SETTINGS, ...settings };
    this.signatures = new Signatures(this.settings);
    this.maxBytes = maxBytes;
    this.replacing = replacing;
    this.now = now;
  }

  /** The talks and texts that a phone shows, newest last. */
  inbox(to: string): string[] {
    return this.sent.filter((one) => one.to === to).flatMap((one) => contentOf(one) ?? []);
  }

  /** The code in the newest of them. */
  lastCode(to: string): string {
    const code = codeIn(this.inbox(to).at(-1) ?? '');
    if (!code) throw new Error(`no code has reached ${to}`);
    return code;
  }

  protected override operationOf(method: string, target: string): Operation | '' {
    if (method === 'POST' && target === '/messages/v4/send-many/detail') return 'send';
    return method === 'GET' && /^\/messages\/v4\/list(\?|$)/.test(target) ? 'list' : '';
  }

  /** The authorization, then the path; which of the two the vendor looks at first is not published. */
  protected override reply(arrival: Arrival): Reply {
    const verdict = this.signatures.judge(arrival.headers.authorization, this.now());
    this.violations.push(...this.signatures.violations.splice(0));
    if (verdict !== 'valid') return { answer: refusals[verdict] };
    const operation = this.operationOf(arrival.method, arrival.target);
    if (operation === 'send') return this.replyToSend(arrival);
    return operation === 'list' ? this.replyToList(arrival) : { answer: solapiErrors.notFound };
  }

  private replyToSend(arrival: Arrival): Reply {
    const send = readSend(arrival, { ...this.settings, maxBytes: this.maxBytes });
    this.violations.push(...send.violations);
    const [first] = send.messages;
    if (!first) return { answer: solapiErrors.validation };
    const behaviour = this.scripts.take(first.to, 'send') ?? {};
    if (behaviour.refuse) first.refused = behaviour.refuse;
    const answer = doesTheWork(behaviour) ? this.take(send, behaviour.delivery) : solapiErrors.internal;
    return { answer, behaviour };
  }

  private take({ messages, showMessageList }: SolapiSend, delivery?: SolapiDelivery): Answer {
    const at = this.now();
    const groupId = newId('G', at);
    const registered = messages.map((wanted): Registered => {
      const message = newMessage(wanted, groupId, at, delivery);
      if (!wanted.refused) this.sent.push(message);
      const { messageId, to, from, type, country } = message;
      return { messageId, to, from, type, country, statusCode: wanted.refused ?? '2000' };
    });
    return sendAnswer(groupId, registered, at, showMessageList);
  }

  /** By `groupId`, which every answer to a send has, or by `messageId`, which it has only when asked for the list. */
  private replyToList({ target }: Arrival): Reply {
    const { searchParams } = new URL(target, 'http://solapi');
    const strange = [...searchParams.keys()].filter((name) => !['groupId', 'messageId', 'limit'].includes(name));
    this.violations.push(...strange.map((name) => `list is asked by ${name}`));
    const [groupId, messageId] = [searchParams.get('groupId'), searchParams.get('messageId')];
    if (!groupId && !messageId) this.violations.push('list is asked for everything');
    const group = this.sent.filter((one) => (!groupId || one.groupId === groupId) && (!messageId || one.messageId === messageId));
    const behaviour = this.scripts.take(group[0]?.to ?? '', 'list');
    const messages = group.flatMap((one) => look(one, this.replacing)).filter((one) => !messageId || one.messageId === messageId);
    return { answer: listAnswer(messages), behaviour };
  }
}
