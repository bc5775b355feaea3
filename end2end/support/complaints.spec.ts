import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test as base } from '@playwright/test';
import { axe, closeCopies } from './axe';
import { Complaints } from './complaints';

/** A page under the policy that the real one has, with the body that a test asks for in the query. */
function servePage(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    response.statusCode = pathname === '/refused' ? 422 : 200;
    response.setHeader('content-security-policy', "default-src 'self'; script-src 'nonce-n' 'wasm-unsafe-eval'");
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>${searchParams.get('body') ?? ''}</main>`);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const test = base.extend<{ complaints: Complaints; show: (body: string) => Promise<unknown> }>({
  complaints: async ({ context }, use) => {
    const complaints = new Complaints();
    await complaints.watch(context);
    await use(complaints);
    await closeCopies(context);
  },
  show: async ({ page, complaints }, use) => {
    expect(complaints.all).toEqual([]);
    const server = await servePage();
    const { port } = server.address() as AddressInfo;
    await use((body) => page.goto(`http://127.0.0.1:${port}/?body=${encodeURIComponent(body)}`));
    server.closeAllConnections();
    server.close();
  },
});

test('a sound page gives no reason to complain', async ({ show, complaints, page }) => {
  await show('<p>Hello</p>');
  await axe(page);
  complaints.expectNone();
});

const BROKEN: [string, string, RegExp][] = [
  ['an error on the console', '<script nonce="n">console.error("oh dear")</script>', /^console: oh dear/],
  ['an exception', '<script nonce="n">throw new Error("out of luck")</script>', /^exception: .*out of luck/],
  ['an unhandled rejection', '<script nonce="n">Promise.reject(new Error("no promise"))</script>', /^exception: .*no promise/],
  ['an inline script', '<script>1</script>', /^policy: script-src-elem refused inline/],
  ['an inline style', '<p style="color: red">Red</p>', /^policy: style-src-attr refused inline/],
  ['a foreign image', '<img alt="" src="http://127.0.0.1:9/x.png">', /^policy: img-src refused http:\/\/127\.0\.0\.1:9/],
  ['a refused request', '<script nonce="n">fetch("/refused")</script>', /^console: .*status of 422/],
];

for (const [what, body, complaint] of BROKEN) {
  test(`${what} is a complaint`, async ({ show, complaints }) => {
    await show(body);
    const texts = () => complaints.all.map(({ kind, text }) => `${kind}: ${text}`);
    await expect.poll(texts).toContainEqual(expect.stringMatching(complaint));
    expect(() => complaints.expectNone()).toThrow('complaints of the browser');
  });
}

test('a complaint of a second tab counts too, and an expected one does not', async ({ show, complaints, context, page }) => {
  await show('');
  const tab = await context.newPage();
  await tab.goto(page.url());
  await tab.evaluate(() => fetch('/refused').then(() => console.error('unexpected')));
  await expect.poll(() => complaints.all.length).toBeGreaterThan(1);
  complaints.allowStatus(422);
  expect(complaints.unexpected.map((one) => one.text)).toEqual([expect.stringMatching(/^unexpected/)]);
});

test('what axe finds is told by rule and element', async ({ show, page }) => {
  await show('<input name="number"><img src="/x.png">');
  await expect(axe(page)).rejects.toThrow(/label: .*: input[\s\S]*/);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('axe looks at what is shown then', async ({ show, page }) => {
    await show('<noscript><input name="number"></noscript>');
    await expect(axe(page)).rejects.toThrow(/label: .*: input/);
    await show('<p>Hello</p><script nonce="n">document.body.append(document.createElement("input"))</script>');
    await axe(page);
  });
});
