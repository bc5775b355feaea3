// Starts the release on a free port with a database of its own, for the checks that look at it from outside.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port that nothing listens on now. */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function untilLive(origin, server) {
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`${origin}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('the server did not start');
}

/**
 * Runs `act` with the origin and the process of a server that lives as long, and adds to an error what the server printed.
 * `command` makes the words that start it out of the settings that it must have, where those are not to be its environment.
 */
export async function withServer(act, settings = {}, command = () => ['target/release/beonho']) {
  const folder = mkdtempSync(join(tmpdir(), 'beonho-'));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const env = { PATH: process.env.PATH, LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, PUBLIC_ORIGIN: origin, METRICS_ADDR: 'off', ADMIN_ADDR: 'off', DATABASE_URL: `sqlite://${folder}/beonho.db`, ...settings };
  const [program, ...words] = command(env);
  const server = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => log.push(chunk));
  const ended = new Promise((resolve) => server.on('close', resolve).on('error', resolve));
  try {
    await untilLive(origin, server);
    return await act(origin, server.pid);
  } catch (error) {
    error.message += `\n${Buffer.concat(log)}`;
    throw error;
  } finally {
    server.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
