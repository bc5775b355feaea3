import { eucKrBytes, unencodable } from './euc_kr';

/** `@host #code`, with an optional `@embedded-host`: what a browser reads from the last line (providers D). */
const ORIGIN_LINE = /^@([^\s:]+) #(\d{4,10})( @[^\s:]+)?$/;

/** What is wrong with a text that is about to be sent as one SMS; an honest client sends nothing that is listed here. */
export function faultsOfText(text: string, maxBytes: number): string[] {
  return [...tooLong(text, maxBytes), ...unsayable(text), ...brokenOriginLine(text)];
}

/** Longer texts lose their end, which is the origin-bound line (providers A4, D). */
function tooLong(text: string, maxBytes: number): string[] {
  const bytes = eucKrBytes(text);
  return bytes > maxBytes ? [`the text has ${bytes} EUC-KR bytes, more than ${maxBytes}`] : [];
}

/** The characters that a Korean phone cannot be sent (providers A4). */
export function unsayable(text: string): string[] {
  return unencodable(text).map((one) => `EUC-KR has no ${JSON.stringify(one)}`);
}

/** The origin-bound line is the text after the last newline, nothing before the @, no port, the same code as above (providers D). */
export function brokenOriginLine(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (!lines.some((line) => line.trimStart().startsWith('@'))) return [];
  const last = lines.at(-1) ?? '';
  const code = ORIGIN_LINE.exec(last)?.[2];
  if (!code) return [`the last line is not an origin-bound code: ${JSON.stringify(last)}`];
  const above = lines.slice(0, -1).join('\n');
  return above.includes(code) ? [] : ['the code of the origin-bound line is not in the text above it'];
}

/** The six digits in a text. */
export function codeIn(text: string): string | undefined {
  return /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0];
}
