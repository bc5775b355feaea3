import { expect, test } from '@playwright/test';
import { authorizationOf, sign, Signatures } from './solapi_signature';

// providers C: node's crypto and Python's hmac agree on it.
const KEYS = { apiKey: 'TESTSOLAPIKEY001', apiSecret: 'TESTSOLAPISECRET0000000000000000' };
const DATE = '2023-11-15T07:13:20+09:00';
const SALT = '0123456789abcdefghijklmnopqrstuv';
const SIGNATURE = 'f26f9e9b23b02dc4214726e7061e5422a31d98092bf6bf4e8f4c7fbed8fae615';
const AT = Date.parse(DATE);

const HEADER = authorizationOf(KEYS, DATE, SALT);

function judge(header: string | undefined, now = AT) {
  return new Signatures(KEYS).judge(header, now);
}

test('the vector is signed and recognised', () => {
  expect(sign(DATE, SALT, KEYS.apiSecret)).toBe(SIGNATURE);
  expect(HEADER).toBe(`HMAC-SHA256 apiKey=${KEYS.apiKey}, date=${DATE}, salt=${SALT}, signature=${SIGNATURE}`);
  expect(judge(HEADER)).toBe('valid');
});

test('a clock that is a quarter of an hour off is refused, in both directions', () => {
  for (const sign of [-1, 1]) {
    expect(judge(HEADER, AT + sign * 899_999)).toBe('valid');
    expect(judge(HEADER, AT + sign * 900_000)).toBe('skewed');
  }
});

test('a signature is taken once in a quarter of an hour', () => {
  const signatures = new Signatures(KEYS);
  expect(signatures.judge(HEADER, AT)).toBe('valid');
  expect(signatures.judge(HEADER, AT + 1)).toBe('used');
  expect(signatures.judge(HEADER, AT + 899_999)).toBe('used');
  expect(signatures.violations).toEqual([]);
});

test('a salt that comes again under another date is taken and noted', () => {
  const signatures = new Signatures(KEYS);
  expect(signatures.judge(HEADER, AT)).toBe('valid');
  expect(signatures.judge(authorizationOf(KEYS, '2023-11-15T07:13:21+09:00', SALT), AT)).toBe('valid');
  expect(signatures.violations).toEqual(['a salt was used again']);
});

const BROKEN: [string, string, string][] = [
  ['another key', HEADER.replace(KEYS.apiKey, 'OTHER'), 'unknownKey'],
  ['another secret', authorizationOf({ ...KEYS, apiSecret: 'other' }, DATE, SALT), 'mismatch'],
  ['another date', HEADER.replace(DATE, '2023-11-15T07:13:21+09:00'), 'mismatch'],
  ['another salt', HEADER.replace(SALT, `${SALT}x`), 'mismatch'],
  ['capital letters', HEADER.replace(SIGNATURE, SIGNATURE.toUpperCase()), 'mismatch'],
  ['a short salt', authorizationOf(KEYS, DATE, 'elevenbytes'), 'mismatch'],
  ['a long salt', authorizationOf(KEYS, DATE, 's'.repeat(65)), 'mismatch'],
  ['a date without a zone', authorizationOf(KEYS, '2023-11-15T07:13:20', SALT), 'skewed'],
  ['a date in seconds', authorizationOf(KEYS, '1700000000', SALT), 'skewed'],
  ['another scheme', HEADER.replace('HMAC-SHA256', 'Bearer'), 'missing'],
];

for (const [what, header, verdict] of BROKEN) {
  test(`${what} is refused`, () => {
    expect(judge(header)).toBe(verdict);
  });
}

test('no header is refused', () => {
  expect(judge(undefined)).toBe('missing');
});
