import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Arrival } from './http';
import { authenticate, sign, stringToSign } from './sens_signature';

interface Vector {
  method: string;
  uri: string;
  timestamp: string;
  accessKey: string;
  secretKey: string;
  stringToSign: string;
  signature: string;
}

const VECTORS = JSON.parse(
  readFileSync(new URL('../contracts/sens_vectors.json', import.meta.url), 'utf8'),
) as Vector[];

function arrivalOf(vector: Vector, changes: Record<string, string> = {}): Arrival {
  const headers = {
    'x-ncp-apigw-timestamp': vector.timestamp,
    'x-ncp-iam-access-key': vector.accessKey,
    'x-ncp-apigw-signature-v2': vector.signature,
    ...changes,
  };
  return { method: vector.method, target: vector.uri, headers, body: '', at: 0 };
}

for (const [index, vector] of VECTORS.entries()) {
  test(`vector ${index + 1} is signed and recognised`, () => {
    const { method, uri, timestamp, accessKey } = vector;
    expect(stringToSign(method, uri, timestamp, accessKey)).toBe(vector.stringToSign);
    expect(sign(method, uri, timestamp, vector)).toBe(vector.signature);
    expect(authenticate(arrivalOf(vector), vector, Number(timestamp))).toBe('valid');
  });
}

const VECTOR = VECTORS[0]!;
const SIGNED_AT = Number(VECTOR.timestamp);

test('a clock that is five minutes off is refused, in both directions', () => {
  for (const sign of [-1, 1]) {
    expect(authenticate(arrivalOf(VECTOR), VECTOR, SIGNED_AT + sign * 299_999)).toBe('valid');
    expect(authenticate(arrivalOf(VECTOR), VECTOR, SIGNED_AT + sign * 300_000)).toBe('invalid');
  }
});

test('an absent header is told from a wrong one', () => {
  for (const name of ['x-ncp-apigw-timestamp', 'x-ncp-iam-access-key', 'x-ncp-apigw-signature-v2']) {
    expect(authenticate(arrivalOf(VECTOR, { [name]: '' }), VECTOR, SIGNED_AT)).toBe('missing');
    expect(authenticate(arrivalOf(VECTOR, { [name]: '1700000000001' }), VECTOR, SIGNED_AT)).toBe('invalid');
  }
});

test('another path, query or method needs another signature', () => {
  const arrival = arrivalOf(VECTOR);
  for (const change of [{ target: `${VECTOR.uri}/x` }, { target: `${VECTOR.uri}?requestId=1` }, { method: 'GET' }]) {
    expect(authenticate({ ...arrival, ...change }, VECTOR, SIGNED_AT)).toBe('invalid');
  }
});
