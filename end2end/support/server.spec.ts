import { expect, test } from '@playwright/test';
import { startServer } from './server';

/** A program that behaves like the server as far as the tests' own machinery can see. */
function stub(script: string): { program: string; args: string[] } {
  return { program: process.execPath, args: ['-e', script, '--'] };
}

const LISTENS = `
  const [host, port] = process.env.LEPTOS_SITE_ADDR.split(':');
  console.log('listening', process.env.PUBLIC_ORIGIN, process.env.BRAND ?? 'no brand');
  require('node:http').createServer((_, response) => response.end('ok')).listen(port, host);
  process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
`;

test('a server is started, stopped and started again with other settings', async () => {
  const server = await startServer({}, stub(LISTENS));
  expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
  expect(server.origin).toBe(`http://localhost:${server.port}`);
  await server.restart({ BRAND: 'another' });
  await server.dispose();
  const lines = server.output.trim().split('\n');
  expect(lines).toEqual([`listening ${server.origin} no brand`, 'stopping', `listening ${server.origin} another`, 'stopping']);
});

test('a server that ends at start fails with what it printed', async () => {
  const starting = startServer({}, stub('console.error("SECRET_KEY is too short"); process.exit(2)'));
  await expect(starting).rejects.toThrow(/ended with 2\nSECRET_KEY is too short/);
});

test('a server that does not end with 0 fails the test', async () => {
  const server = await startServer({}, stub(LISTENS.replace('exit(0)', 'exit(3)')));
  await expect(server.dispose()).rejects.toThrow('the server ended with 3');
});

test('a program that cannot be started says so', async () => {
  await expect(startServer({}, { program: '/nowhere/beonho', args: [] })).rejects.toThrow('ENOENT');
});

test('a command is run once with the same settings', async () => {
  const server = await startServer({ BRAND: 'x' }, stub(`if (process.argv[1]) { console.log(process.env.BRAND, process.argv.slice(1).join()); process.exit(0) }; ${LISTENS}`));
  expect(await server.run('unlock', '+821012345678')).toEqual({ ending: '0', output: 'x unlock,+821012345678\n' });
  await server.kill();
  await server.dispose();
});
