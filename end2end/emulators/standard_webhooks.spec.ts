import { expect, test } from '@playwright/test';
import { faultOfHook, signHook } from './standard_webhooks';

// providers C, "Generic webhook": npm standardwebhooks and node's crypto agree on it.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
const AT = 1_700_000_000_000;
const BODY = '{"user":{"phone":"821012345678"},"sms":{"otp":"123456"}}';
const SIGNATURE = 'v1,+CkOTPXr8U6kTqjJZF1Ixl+iAAtBTKFWDzgLEHP0ROQ=';
const HEADERS = { 'webhook-id': ID, 'webhook-timestamp': '1700000000', 'webhook-signature': SIGNATURE };

const OTHER = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

test('the published vector is signed and recognised', () => {
  expect(signHook(SECRET, ID, AT, BODY)).toEqual(HEADERS);
  expect(faultOfHook(HEADERS, BODY, SECRET, AT)).toBeUndefined();
});

test('five minutes are allowed, in both directions, and not a second more', () => {
  for (const sign of [-1, 1]) {
    expect(faultOfHook(HEADERS, BODY, SECRET, AT + sign * 300_000)).toBeUndefined();
    expect(faultOfHook(HEADERS, BODY, SECRET, AT + sign * 301_000)).toBe('the timestamp is not of now');
  }
});

test('each of several secrets signs, and one that is known is enough', () => {
  const both = signHook(`${OTHER} ${SECRET}`, ID, AT, BODY);
  expect(both['webhook-signature'].split(' ')).toEqual([expect.stringMatching(/^v1,/), SIGNATURE]);
  for (const known of [SECRET, OTHER, `${SECRET} ${OTHER}`]) expect(faultOfHook({ ...both }, BODY, known, AT)).toBeUndefined();
});

const BROKEN: [string, object, string][] = [
  ['another id', { 'webhook-id': 'msg_1' }, 'no signature fits'],
  ['another time', { 'webhook-timestamp': '1700000001' }, 'no signature fits'],
  ['another version', { 'webhook-signature': SIGNATURE.replace('v1,', 'v2,') }, 'no signature fits'],
  ['half a signature', { 'webhook-signature': SIGNATURE.slice(0, 20) }, 'no signature fits'],
  ['a time in words', { 'webhook-timestamp': 'now' }, 'the timestamp is not of now'],
  ['a time with a fraction', { 'webhook-timestamp': '1700000000.5' }, 'the timestamp is not of now'],
  ['no id', { 'webhook-id': '' }, 'a header is missing'],
  ['no time', { 'webhook-timestamp': '' }, 'a header is missing'],
  ['no signature', { 'webhook-signature': '' }, 'a header is missing'],
];

for (const [what, changes, fault] of BROKEN) {
  test(`${what} is told`, () => {
    expect(faultOfHook({ ...HEADERS, ...changes }, BODY, SECRET, AT)).toBe(fault);
  });
}

test('another body and another secret need another signature', () => {
  expect(faultOfHook(HEADERS, `${BODY} `, SECRET, AT)).toBe('no signature fits');
  expect(faultOfHook(HEADERS, BODY, OTHER, AT)).toBe('no signature fits');
});
