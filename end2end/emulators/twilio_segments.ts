/** The characters that GSM-7 says in one septet, and those that need an escape before them (3GPP TS 23.038, section 6.2.1). */
const BASIC = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';

export interface Segments {
  encoding: 'GSM-7' | 'UCS-2';
  count: number;
}

/** How many texts a body is cut into: 160 or 70 characters in one, 153 or 67 in each of several. */
export function segmentsOf(body: string): Segments {
  const septets = septetsOf(body);
  if (septets !== undefined) return { encoding: 'GSM-7', count: parts(septets, 160, 153) };
  return { encoding: 'UCS-2', count: parts(body.length, 70, 67) };
}

function septetsOf(body: string): number | undefined {
  const characters = [...body];
  if (characters.some((one) => !BASIC.includes(one) && !EXTENDED.includes(one))) return undefined;
  return characters.reduce((sum, one) => sum + (EXTENDED.includes(one) ? 2 : 1), 0);
}

function parts(length: number, alone: number, each: number): number {
  return length <= alone ? 1 : Math.ceil(length / each);
}
