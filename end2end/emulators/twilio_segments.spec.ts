import { expect, test } from '@playwright/test';
import { segmentsOf } from './twilio_segments';

const BODIES: [string, string, string, number][] = [
  ['160 Latin letters', 'a'.repeat(160), 'GSM-7', 1],
  ['161 Latin letters', 'a'.repeat(161), 'GSM-7', 2],
  ['306 Latin letters', 'a'.repeat(306), 'GSM-7', 2],
  ['80 euro signs, which take an escape each', '€'.repeat(80), 'GSM-7', 1],
  ['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
  ['Spanish with ñ, ¿ and é', '¿Qué año?', 'GSM-7', 1],
  ['Spanish with ó, which GSM-7 does not have', 'código', 'UCS-2', 1],
  ['70 syllables', '가'.repeat(70), 'UCS-2', 1],
  ['71 syllables', '가'.repeat(71), 'UCS-2', 2],
  ['135 syllables', '가'.repeat(135), 'UCS-2', 3],
  ['36 emoji, which are two units each', '😀'.repeat(36), 'UCS-2', 2],
];

for (const [what, body, encoding, count] of BODIES) {
  test(`${what}: ${count} of ${encoding}`, () => {
    expect(segmentsOf(body)).toEqual({ encoding, count });
  });
}
