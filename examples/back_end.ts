// A back end that sends a person through /v1: asks for a code, checks it, makes an account.
// `tsc -p examples && node target/examples/back_end.js http://localhost:3000 010-1234-5678` while `make serve` runs; the code stands at /inbox.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';

/** What every answer of the interface has (docs/openapi.json). */
interface Answer {
  outcome: string;
  message: string;
  status: { state: 'none' | 'pending' | 'expired' | 'exhausted' | 'verified' | 'signed_up' };
}

/** One person on their way. Who they are is their cookie: keep one for each, and keep what `Set-Cookie` says. */
class Person {
  #cookie = '';
  constructor(readonly base: string) {}

  /** Posts, and posts again under the same key when no answer came: nothing is sent or counted twice. */
  async post(path: string, body: object): Promise<Answer> {
    const key = randomUUID();
    for (let triesLeft = 2; ; triesLeft--) {
      try {
        const headers = { 'content-type': 'application/json', 'idempotency-key': key, cookie: this.#cookie };
        const response = await fetch(this.base + path, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) });
        const [cookie] = response.headers.getSetCookie();
        if (cookie) this.#cookie = cookie.split(';')[0] ?? '';
        return (await response.json()) as Answer;
      } catch (fault) {
        if (triesLeft === 0) throw fault;
      }
    }
  }
}

const [base, number] = process.argv.slice(2);
if (!base || !number) throw new Error('usage: back_end BASE_URL NUMBER');
const terminal = createInterface({ input: process.stdin, output: process.stdout });
const person = new Person(base);

const sent = await person.post('/v1/verification', { phone_number: number });
console.log(sent.message);
let state = sent.status.state;
while (state === 'pending') {
  const checked = await person.post('/v1/verification/check', { code: await terminal.question('code: ') });
  console.log(checked.message);
  state = checked.status.state;
}
if (state === 'verified') {
  // Where the service has terms, the person agrees to them first.
  const joined = await person.post('/v1/accounts', { nickname: await terminal.question('nickname: '), consent: true });
  console.log(joined.message);
  state = joined.status.state;
}
terminal.close();
process.exitCode = state === 'signed_up' ? 0 : 1;
