let table: ReadonlySet<string> | undefined;

/** The two-byte characters of EUC-KR, found by decoding every pair of bytes: the platform has a decoder but no encoder. */
function pairs(): ReadonlySet<string> {
  table ??= new Set([...decodablePairs(), ...ADDED_IN_1998]);
  return table;
}

/** KS X 1001:1998 added these two; the decoder of some platforms does not know them yet. */
const ADDED_IN_1998 = ['€', '®'];

function* decodablePairs(): Generator<string> {
  const decoder = new TextDecoder('euc-kr', { fatal: true });
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const text = decodeOr(decoder, lead, trail);
      if (text !== undefined && [...text].length === 1 && !isPrivateUse(text)) yield text;
    }
  }
}

function decodeOr(decoder: TextDecoder, lead: number, trail: number): string | undefined {
  try {
    return decoder.decode(Uint8Array.of(lead, trail));
  } catch {
    return undefined;
  }
}

function isPrivateUse(character: string): boolean {
  return /^\p{Co}$/u.test(character);
}

/** All 11,172 syllables are two bytes in the EUC-KR of the web (UHC), of which the platform may decode only 2,350 (providers D). */
function isSyllable(character: string): boolean {
  return character >= '\uac00' && character <= '\ud7a3';
}

function isAscii(character: string): boolean {
  return character <= '\u007f';
}

/** The characters of a text that EUC-KR cannot say: emoji, long dashes, no-break spaces. */
export function unencodable(text: string): string[] {
  return [...text].filter((one) => !isAscii(one) && !isSyllable(one) && !pairs().has(one));
}

/** Length in EUC-KR: ASCII is one byte, everything else two; what cannot be encoded is sent as one question mark. */
export function eucKrBytes(text: string): number {
  return [...text].reduce((sum, one) => sum + characterBytes(one), 0);
}

function characterBytes(character: string): number {
  return isAscii(character) || unencodable(character).length > 0 ? 1 : 2;
}

/** The longest beginning of a text that fits, never half a character. */
export function cutToBytes(text: string, limit: number): string {
  let bytes = 0;
  const fits = (one: string) => (bytes += characterBytes(one)) <= limit;
  const characters = [...text];
  const end = characters.findIndex((one) => !fits(one));
  return end < 0 ? text : characters.slice(0, end).join('');
}
