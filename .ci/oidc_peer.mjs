// npm's oidc-provider with everything in memory, set as like Beonho as it can be: what .ci/oidc_load.mjs measures Beonho beside.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { interactionPolicy, Provider } from 'oidc-provider';

const SUB = 'somebody';
const { PUBLIC_ORIGIN: issuer, LEPTOS_SITE_ADDR: address, CLIENT: client } = process.env;

/** Its own keeps a thousand entries, and a code would be gone before it is redeemed. */
class Everything {
  static #kept = new Map();
  constructor(name) {
    this.name = name;
  }
  #key = (id) => `${this.name}:${id}`;
  async upsert(id, payload) {
    Everything.#kept.set(this.#key(id), payload);
    if (payload.uid) Everything.#kept.set(this.#key(payload.uid), payload);
  }
  async find(id) {
    return Everything.#kept.get(this.#key(id));
  }
  async findByUid(uid) {
    return this.find(uid);
  }
  async consume(id) {
    (await this.find(id)).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id) {
    Everything.#kept.delete(this.#key(id));
  }
  async revokeByGrantId(grantId) {
    for (const [key, payload] of Everything.#kept) if (payload.grantId === grantId) Everything.#kept.delete(key);
  }
}

/** Whoever is signed in has consented to what the operator's own applications ask for. */
async function grantOf({ oidc: { provider, session, client, params } }) {
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  await grant.save();
  return grant;
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const provider = new Provider(issuer, {
  adapter: Everything,
  clients: [JSON.parse(client)],
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  routes: { authorization: '/oauth/authorize', token: '/oauth/token', userinfo: '/oauth/userinfo' },
  features: { devInteractions: { enabled: false } },
  interactions: { policy: interactionPolicy.base(), url: (_, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  responseTypes: ['code'],
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Session: 86_400, Grant: 86_400, Interaction: 600 },
  claims: { profile: ['name', 'nickname', 'preferred_username', 'updated_at'], phone: ['phone_number', 'phone_number_verified'] },
  scopes: ['openid', 'profile', 'phone'],
  loadExistingGrant: grantOf,
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: '민지', nickname: '민지', preferred_username: sub, updated_at: 1, phone_number: '+821012345678', phone_number_verified: true }),
  }),
});

const answer = provider.callback();
const [host, port] = address.split(':');
createServer(async (request, response) => {
  if (request.url === '/healthz') return response.end();
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: SUB } });
}).listen(port, host);
