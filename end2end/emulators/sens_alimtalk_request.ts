import { objectIn, type Arrival } from './http';
import { headerFaults, type Fields } from './sens_request';
import { faultsOfText } from './sens_text';

/** What is sent as a text message when the talk is not delivered. */
export interface Failover {
  type: string;
  from: string;
  content: string;
}

export interface Talk {
  to: string;
  content: string;
  failover: Failover | undefined;
}

/** A send as far as it could be read: `refused` when the vendor would answer 400, `violations` for all that is wrong with it. */
export interface TalkRequest {
  templateCode: string;
  talks: Talk[];
  refused: boolean;
  violations: string[];
}

export interface TalkRules {
  plusFriendId: string;
  sender: string;
  maxBytes: number;
}

/** Every field that the page sens-alimtalk-send names. */
const KNOWN = ['plusFriendId', 'templateCode', 'messages', 'reserveTime', 'reserveTimeZone', 'scheduleCode'];
const KNOWN_OF_MESSAGE = [
  ...['countryCode', 'to', 'title', 'content', 'headerContent', 'itemHighlight', 'item', 'buttons'],
  ...['useSmsFailover', 'failoverConfig'],
];
const KNOWN_OF_FAILOVER = ['type', 'from', 'subject', 'content'];

/** Reads a send and judges it (the page sens-alimtalk-send). */
export function readTalks(arrival: Arrival, rules: TalkRules): TalkRequest {
  const fields = objectIn(arrival.body) ?? {};
  const messages = Array.isArray(fields.messages) ? (fields.messages as Fields[]) : [];
  const refusals = [...fieldFaults(fields, rules), ...messages.flatMap(messageFaults)];
  if (messages.length < 1 || messages.length > 100) refusals.push(`${messages.length} messages`);
  const violations = [
    ...refusals,
    ...headerFaults(arrival),
    ...strangers(fields, KNOWN),
    ...messages.flatMap((one) => [...strangers(one, KNOWN_OF_MESSAGE), ...gluedCountryCode(one), ...failoverFaults(one, rules)]),
  ];
  return { templateCode: String(fields.templateCode), talks: messages.map(talkOf), refused: refusals.length > 0, violations };
}

function talkOf(fields: Fields): Talk {
  const config = fields.useSmsFailover === true ? configOf(fields) : undefined;
  const failover = config && { type: String(config.type), from: String(config.from), content: String(config.content) };
  return { to: String(fields.to), content: String(fields.content), failover };
}

function configOf(fields: Fields): Fields {
  const config = fields.failoverConfig;
  return config !== null && typeof config === 'object' ? (config as Fields) : {};
}

/** A channel's name begins with an @; one that is not registered is refused. */
function fieldFaults(fields: Fields, { plusFriendId }: TalkRules): string[] {
  const faults: string[] = [];
  if (fields.plusFriendId !== plusFriendId) faults.push(`plusFriendId is ${JSON.stringify(fields.plusFriendId)}`);
  if (typeof fields.templateCode !== 'string' || !fields.templateCode) faults.push('templateCode is missing');
  return faults;
}

function messageFaults(fields: Fields): string[] {
  const faults: string[] = [];
  if (!/^\d+$/.test(String(fields.to))) faults.push(`to is not digits only: ${String(fields.to)}`);
  if (!/^\d{1,3}$/.test(String(fields.countryCode ?? '82'))) faults.push('countryCode is not a number');
  if (typeof fields.content !== 'string' || !fields.content) faults.push('content is missing');
  return faults;
}

/** In Korea `to` is the national form, as with text messages. */
function gluedCountryCode(fields: Fields): string[] {
  const isGlued = String(fields.countryCode ?? '82') === '82' && !String(fields.to).startsWith('0');
  return isGlued ? [`to is not in national form: ${String(fields.to)}`] : [];
}

/** What a message leaves out comes from the channel's settings in the console: a careful client leaves nothing out. */
function failoverFaults(fields: Fields, { sender, maxBytes }: TalkRules): string[] {
  if (fields.useSmsFailover !== true) return typeof fields.useSmsFailover === 'boolean' ? [] : ['useSmsFailover is left to the console'];
  const config = configOf(fields);
  const faults = strangers(config, KNOWN_OF_FAILOVER);
  if (config.type !== 'SMS') faults.push(`the failover's type is ${JSON.stringify(config.type)}, not SMS`);
  if (config.from !== sender) faults.push(`the failover's from is ${JSON.stringify(config.from)}, which is not a registered sender`);
  if (typeof config.content !== 'string') return [...faults, "the failover's content is missing"];
  return [...faults, ...faultsOfText(config.content, maxBytes)];
}

function strangers(fields: Fields, known: string[]): string[] {
  return Object.keys(fields).filter((name) => !known.includes(name)).map((name) => `unknown field ${name}`);
}
