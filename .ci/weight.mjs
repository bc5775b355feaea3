// Weighs what a browser that knows nothing yet is sent for the sign-up page: the bodies as they cross the wire, with brotli.
// Once with one region, and once with all of them, whose list comes in the page.
// usage: node .ci/weight.mjs [--save]    --save keeps the result as the baseline in .ci/weight.json
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { withServer } from './server.mjs';

/** What is weighed, and how many bytes in all, as sent in brotli, a first visit may cost there on a slow line. */
const VISITS = [
  { name: 'one region', settings: {}, budget: 60_000 },
  { name: 'all regions', settings: { ALLOWED_REGIONS: '*' }, budget: 70_000 },
];
const BASELINE = new URL('weight.json', import.meta.url);
const KINDS = { css: 'CSS', js: 'JavaScript', wasm: 'wasm', woff2: 'fonts', svg: 'images', png: 'images', webp: 'images' };

/** What the server sent, still encoded: fetch would decode it. */
const get = (url) =>
  new Promise((resolve, reject) => {
    const headers = { accept: 'text/html,*/*', 'accept-encoding': 'br' };
    http.get(url, { headers, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject);
  });

/** The paths that a text names: all of a page's but its icons and manifest, a style sheet's urls, a script's imports. */
function references(kind, text) {
  const shown = text.replace(/<link[^>]*rel="?[^">]*(icon|manifest)[^>]*>/g, '');
  const pattern = {
    HTML: /["'(]([^"'()\s]+\.(?:css|js|wasm|woff2|svg|png|webp)(?:\?[^"'\s]*)?)["')]/g,
    CSS: /url\(["']?(?!data:)([^"')]+)/g,
    JavaScript: /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g,
  }[kind];
  return pattern ? [...shown.matchAll(pattern)].map(([, path]) => path) : [];
}

async function weigh(origin) {
  const weights = {};
  const parts = [];
  const queue = [`${origin}/`];
  const seen = new Set(queue);
  for (const url of queue) {
    const { status, headers, body } = await get(url);
    if (status !== 200) throw new Error(`${url} answered ${status}`);
    const { pathname } = new URL(url);
    const kind = pathname === '/' ? 'HTML' : (KINDS[pathname.split('.').pop()] ?? 'other');
    const encoding = headers['content-encoding'] ?? 'as it is';
    weights[kind] = (weights[kind] ?? 0) + body.length;
    parts.push({ path: pathname, bytes: body.length, encoding });
    const text = (encoding === 'br' ? brotliDecompressSync(body) : body).toString();
    for (const path of references(kind, text)) {
      const found = new URL(path, url);
      if (found.origin !== origin || seen.has(found.href)) continue;
      seen.add(found.href);
      queue.push(found.href);
    }
  }
  for (const kind of ['CSS', 'JavaScript', 'wasm']) if (!weights[kind]) throw new Error(`the page names no ${kind}`);
  return { weights: { ...weights, total: parts.reduce((sum, { bytes }) => sum + bytes, 0) }, parts };
}

function report(name, { weights, parts }, baseline) {
  console.log(`\n${name}`);
  for (const { path, bytes, encoding } of parts) console.log(`  ${String(bytes).padStart(8)}  ${encoding.padEnd(8)}  ${path}`);
  console.log(`\n${'bytes as sent'.padEnd(14)}${'now'.padStart(10)}${'baseline'.padStart(10)}${'grew by'.padStart(10)}`);
  for (const [kind, now] of Object.entries(weights)) {
    const before = baseline[kind];
    const columns = [now, before ?? '-', before === undefined ? '-' : now - before];
    console.log(kind.padEnd(14) + columns.map((column) => String(column).padStart(10)).join(''));
  }
}

function baseline() {
  return existsSync(BASELINE) ? JSON.parse(readFileSync(BASELINE, 'utf8')) : {};
}

try {
  const before = baseline();
  const now = {};
  for (const { name, settings } of VISITS) {
    const result = await withServer(weigh, settings);
    report(name, result, before[name] ?? {});
    now[name] = result.weights;
  }
  if (process.argv.includes('--save')) writeFileSync(BASELINE, `${JSON.stringify(now, null, 2)}\n`);
  for (const { name, budget } of VISITS) {
    const { total } = now[name];
    if (total > budget) throw new Error(`${name}: ${total} bytes are more than the budget of ${budget}`);
  }
} catch (error) {
  console.error(`weight: ${error.message}`);
  process.exitCode = 1;
}
