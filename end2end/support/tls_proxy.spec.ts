import { get, type RequestOptions } from 'node:https';
import { expect, test } from '@playwright/test';
import { listen } from '../emulators/http';
import { freePort } from './port';
import { startTlsProxy } from './tls_proxy';

function fetchJson(url: string, options: RequestOptions = {}): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, ...options }, async (answer) => {
      let body = '';
      for await (const chunk of answer) body += String(chunk);
      resolve({ status: answer.statusCode, body });
    }).on('error', reject);
  });
}

test('the proxy keeps Host and tells where a request comes from', async () => {
  const upstream = await listen((request, response) => response.end(JSON.stringify(request.headers)));
  const proxy = await startTlsProxy(await freePort(), Number(new URL(upstream.url).port));
  proxy.clientAddress = '198.51.100.4';
  const { status, body } = await fetchJson(`${proxy.origin}/x`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    host: new URL(proxy.origin).host,
    'x-forwarded-for': '192.0.2.1, 198.51.100.4',
    'x-forwarded-proto': 'https',
  });
  await upstream.close();
  expect((await fetchJson(proxy.origin)).status).toBe(502);
  await proxy.close();
});
