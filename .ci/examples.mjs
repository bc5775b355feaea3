// Runs the programs of examples/ against the release, as somebody at a terminal who reads the codes at /inbox.
// usage: node .ci/examples.mjs
import { spawn } from 'node:child_process';
import { CLIENT, runRelyingParty } from './relying_party.mjs';
import { latestCode } from './sign_up.mjs';
import { withServer } from './server.mjs';

const PROGRAMS = [
  ['target/debug/examples/back_end', [], '010-1111-0001'],
  ['node', ['target/examples/back_end.js'], '010-1111-0002'],
];

const RELYING_PARTIES = [
  ['node', ['target/examples/relying_party.js'], '010-1111-0003'],
  ['target/debug/examples/relying_party', [], '010-1111-0004'],
];

/** Runs a program, gives one wrong code, then the right one and a nickname, and answers how it ended. */
function run(origin, [program, words, number]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, origin, number], { stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '', codes = 0;
    const watch = setTimeout(() => child.kill(), 30_000);
    child.stdout.on('data', async (chunk) => {
      const text = String(chunk);
      printed += text;
      if (text.includes('code: ')) {
        const code = await latestCode(origin);
        child.stdin.write(`${codes++ ? code : String((Number(code) + 1) % 1_000_000).padStart(6, '0')}\n`);
      }
      if (text.includes('nickname: ')) child.stdin.write('민지\n');
    });
    child.on('error', reject).on('close', (status) => {
      clearTimeout(watch);
      status === 0 && codes === 2 ? resolve() : reject(new Error(`${program} ended with ${status}:\n${printed}`));
    });
  });
}

await withServer(async (origin) => {
  for (const program of PROGRAMS) {
    await run(origin, program);
    console.log(`${program[0]} ${program[1]} signed a person up`);
  }
  for (const program of RELYING_PARTIES) {
    await runRelyingParty(origin, program);
    console.log(`${program[0]} ${program[1]} knew who was signed in`);
  }
}, { OIDC_CLIENTS: JSON.stringify([CLIENT]) });
