import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PRISM = fileURLToPath(new URL('../../node_modules/.bin/prism', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../contracts/twilio_verify_v2.prism.json', import.meta.url));

/**
 * Puts the vendor's OpenAPI document between a client and an upstream: what breaks it is answered with 500.
 * Started with node and not with npx, whose end would leave the proxy running (providers B7).
 */
export async function startPrism(upstream: string): Promise<{ url: string; close(): Promise<void> }> {
  const port = await freePort();
  const options = ['-h', '127.0.0.1', '-p', String(port), '--errors'];
  const child = spawn(process.execPath, [PRISM, 'proxy', ...options, CONTRACT, upstream], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(String(chunk)));
  await listening(child, port, output);
  return { url: `http://127.0.0.1:${port}`, close: () => stop(child) };
}

async function listening(child: ChildProcess, port: number, output: string[]): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    if (await accepts(port)) return;
    await sleep(100);
  }
  await stop(child);
  throw new Error(`prism does not listen:\n${output.join('')}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
