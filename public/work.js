// Solves a challenge of ALTCHA's protocol, version 2: finds the counter whose derived key begins as the challenge wants it. A page loads this
// only when the server asks for work; what it posts back is the proof, or nothing.
const LIMIT_MS = 20_000;
const AT_ONCE = 4; // the browser spreads them over its cores

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function derive({ algorithm, nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  new DataView(password.buffer).setUint32(password.length - 4, counter);
  const [name, hash] = algorithm.split('/');
  const key = await crypto.subtle.importKey('raw', password, name, false, ['deriveBits']);
  return hex(await crypto.subtle.deriveBits({ name, hash, salt: bytes(salt), iterations: cost }, key, 8 * keyLength));
}

async function solve(challenge) {
  const { parameters } = challenge;
  const began = performance.now();
  for (let counter = 0; performance.now() - began < LIMIT_MS; counter += AT_ONCE) {
    const keys = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => derive(parameters, counter + at)));
    const at = keys.findIndex((key) => key.startsWith(parameters.keyPrefix));
    const time = Math.round(performance.now() - began);
    if (at >= 0) return btoa(JSON.stringify({ challenge, solution: { counter: counter + at, derivedKey: keys[at], time } }));
  }
  return null;
}

onmessage = async ({ data }) => {
  postMessage(await solve(JSON.parse(data)).catch(() => null));
  close();
};
