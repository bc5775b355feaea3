import { eucKrBytes, unencodable } from './euc_kr';
import { objectIn, type Arrival } from './http';
import { faultsOfText } from './sens_text';

/** A channel and a template of Kakao's that the vendor knows. */
export interface KakaoTemplate {
  pfId: string;
  templateId: string;
  /** The approved text, with `#{…}` where values go. */
  content: string;
}

export interface SolapiRules {
  sender: string;
  maxBytes: number;
  template: KakaoTemplate;
}

/** One message that was asked for. */
export interface WantedMessage {
  to: string;
  from: string;
  type: string;
  country: string;
  /** What goes out as SMS, in place of the talk if there is one. */
  text: string;
  /** What Kakao shows, if it is an AlimTalk. */
  talk: string | undefined;
  disableSms: boolean;
  /** The code with which it is not taken. */
  refused: string | undefined;
}

/** A send as far as it could be read; no messages when the whole of it is refused. */
export interface SolapiSend {
  messages: WantedMessage[];
  showMessageList: boolean;
  violations: string[];
}

type Fields = Record<string, unknown>;

const SMS_BYTES = 90;
const KNOWN = ['messages', 'allowDuplicates', 'showMessageList', 'scheduledDate', 'agent', 'strict'];
const KNOWN_OF_MESSAGE = ['to', 'from', 'text', 'type', 'country', 'subject', 'autoTypeDetect', 'kakaoOptions', 'customFields', 'replacements'];
const KNOWN_OF_KAKAO = ['pfId', 'templateId', 'variables', 'disableSms', 'adFlag', 'buttons', 'imageId'];

/** Reads a send and judges each of its messages (sendManyDetail page, providers C). */
export function readSend(arrival: Arrival, rules: SolapiRules): SolapiSend {
  const body = objectIn(arrival.body) ?? {};
  const list = Array.isArray(body.messages) ? (body.messages as Fields[]).filter((one) => one && typeof one === 'object') : [];
  const faults = strangers('the send', body, KNOWN);
  if (!/^application\/json\b/i.test(arrival.headers['content-type'] ?? '')) faults.push('the body is not said to be JSON');
  if (list.length < 1 || list.length > 10_000) {
    return { messages: [], showMessageList: false, violations: [...faults, `${list.length} messages`] };
  }
  const messages = list.map((one) => messageOf(one, rules));
  if (body.allowDuplicates !== true) refuseRepeated(messages);
  const careless = list.flatMap((one, index) => carelessness(one, messages[index]!, rules));
  return { messages, showMessageList: body.showMessageList === true, violations: [...faults, ...careless] };
}

function messageOf(fields: Fields, rules: SolapiRules): WantedMessage {
  const [text, kakao] = [String(fields.text ?? ''), kakaoOf(fields)];
  const type = typeOf(fields, text);
  const talk = type === 'ATA' && kakao ? rendered(kakao, rules.template) : undefined;
  return {
    to: String(fields.to ?? ''),
    from: String(fields.from ?? ''),
    type,
    country: String(fields.country ?? '82'),
    text: talk === undefined ? text : String(replacementsOf(fields)[0]?.text ?? talk),
    talk,
    disableSms: kakao?.disableSms === true,
    refused: refusalOf(fields, type, text, talk, rules),
  };
}

/** What goes out where there is no Kakao, if it is not to be the words of the talk (solapi-java-examples, KakaoExampleController). */
function replacementsOf(fields: Fields): Fields[] {
  return Array.isArray(fields.replacements) ? (fields.replacements as Fields[]) : [];
}

function kakaoOf(fields: Fields): Fields | undefined {
  return fields.kakaoOptions ? (fields.kakaoOptions as Fields) : undefined;
}

/** Without a type the vendor finds one: beyond 90 bytes a text is an LMS, which costs more (sendManyDetail page). */
function typeOf(fields: Fields, text: string): string {
  if (fields.type) return String(fields.type).toUpperCase();
  if (kakaoOf(fields)) return 'ATA';
  return eucKrBytes(text) > SMS_BYTES ? 'LMS' : 'SMS';
}

function rendered(kakao: Fields, template: KakaoTemplate): string {
  const values = Object.entries((kakao.variables ?? {}) as Record<string, string>);
  return values.reduce((content, [name, value]) => content.replaceAll(name, value), template.content);
}

/** The first reason not to take a message (message-status-codes page). */
function refusalOf(fields: Fields, type: string, text: string, talk: string | undefined, rules: SolapiRules): string | undefined {
  if (!fields.to || !fields.from || (!text && talk === undefined)) return '1010';
  if (!/^\d+$/.test(String(fields.to)) || !/^\d+$/.test(String(fields.from))) return '1011';
  if (!['SMS', 'LMS', 'ATA'].includes(type)) return '1025';
  if (fields.from !== rules.sender) return '1062';
  if (type === 'ATA') return refusalOfTalk(kakaoOf(fields) ?? {}, text, talk, rules.template);
  if (kakaoOf(fields)) return '1033';
  if (unencodable(text).length > 0) return '1029';
  return type === 'SMS' && eucKrBytes(text) > SMS_BYTES ? '1031' : undefined;
}

/** A text of its own must be the approved one to the letter (solapi-agent, alimtalk.sql); beside variables too is a guess. */
function refusalOfTalk(kakao: Fields, text: string, talk: string | undefined, template: KakaoTemplate): string | undefined {
  if (kakao.pfId !== template.pfId) return '1041';
  if (kakao.templateId !== template.templateId) return '1042';
  const differs = talk === undefined || talk.includes('#{') || (text !== '' && text !== talk);
  return differs ? '1043' : undefined;
}

function refuseRepeated(messages: WantedMessage[]): void {
  messages.forEach((one, index) => {
    if (messages.findIndex((other) => other.to === one.to) < index) one.refused ??= '1026';
  });
}

/** What a careful client would not have sent, taken or not. */
function carelessness(fields: Fields, message: WantedMessage, { maxBytes }: SolapiRules): string[] {
  const kakao = kakaoOf(fields);
  const faults = [...strangers('a message', fields, KNOWN_OF_MESSAGE), ...strangers('kakaoOptions', kakao ?? {}, KNOWN_OF_KAKAO)];
  if (message.refused) faults.push(`a message is refused with ${message.refused}`);
  if (message.type === 'LMS') faults.push('the text goes out as an LMS');
  if (message.country === '82' && !message.to.startsWith('0')) faults.push(`to is not in national form: ${message.to}`);
  const names = Object.keys((kakao?.variables ?? {}) as object);
  if (names.some((name) => !/^#\{[^.{}]+\}$/.test(name))) faults.push(`a variable is not named #{…}: ${names.join()}`);
  if (message.talk !== undefined) faults.push(...careOfReplacement(fields, message));
  return message.disableSms ? faults : [...faults, ...faultsOfText(message.text, maxBytes)];
}

function careOfReplacement(fields: Fields, { to, from, disableSms }: WantedMessage): string[] {
  if (disableSms) return ['nothing goes out where there is no Kakao'];
  const replacements = replacementsOf(fields);
  if (replacements.length !== 1) return ['where there is no Kakao, the words of the talk go out: no line binds them to an origin'];
  const [sms] = replacements as [Fields];
  const faults = strangers('a replacement', sms, KNOWN_OF_MESSAGE);
  return sms.to === to && sms.from === from && sms.type === 'SMS' ? faults : [...faults, 'a replacement is no SMS between the same two'];
}

function strangers(what: string, fields: object, known: string[]): string[] {
  return Object.keys(fields).filter((name) => !known.includes(name)).map((name) => `${what} has an unknown ${name}`);
}
