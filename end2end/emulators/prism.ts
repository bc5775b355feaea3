import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/port';
import { Running } from '../support/process';

const PRISM = fileURLToPath(new URL('../../node_modules/.bin/prism', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../contracts/twilio_verify_v2.prism.json', import.meta.url));

/**
 * Puts the vendor's OpenAPI document between a client and an upstream: what breaks it is answered with 500.
 * Started with node and not with npx, whose end would leave the proxy running (providers B7).
 */
export async function startPrism(upstream: string): Promise<{ url: string; close(): Promise<unknown> }> {
  const port = await freePort();
  const args = [PRISM, 'proxy', '-h', '127.0.0.1', '-p', String(port), '--errors', CONTRACT, upstream];
  const proxy = new Running({ program: process.execPath, args, env: {} });
  await proxy.until(() => accepts(port), 40);
  return { url: `http://127.0.0.1:${port}`, close: () => proxy.stop() };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
