import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that outgoing connections take their ports from; each worker has its own stretch. */
const FIRST = 21_000;
const STRETCH = 500;
let next = 0;

/** A port that nothing listens on now, and that this process has not given away before. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env.TEST_PARALLEL_INDEX ?? 0);
  for (let tries = 0; tries < STRETCH; tries++) {
    const port = FIRST + worker * STRETCH + (next++ % STRETCH);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
