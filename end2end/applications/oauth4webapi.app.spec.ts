import { decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import { CallbackApp } from './callback_app';
import { expect, test } from './fixture';
import { becomeSomebody, personAt } from './journey';
import { INSECURE, StrictClient, verifyByKeys } from './strict_client';

const ES256 = { id_token_signed_response_alg: 'ES256' };

test.use({
  wishes: {
    basic: { name: 'Basic', callback: '/cb' },
    post: { name: 'Post', callback: '/cb', fields: { token_endpoint_auth_method: 'client_secret_post', ...ES256 } },
    phone: { name: 'On a phone', callback: '/cb', isPublic: true, fields: { claims_in_id_token: true } },
    curve: { name: 'Curve', callback: '/cb', isPublic: true, fields: ES256 },
  },
});

for (const [id, alg] of [['basic', 'RS256'], ['post', 'ES256'], ['phone', 'RS256'], ['curve', 'ES256']] as const) {
  test(`${id}: the answers hold by the letter, and jose verifies the ${alg} id token`, async ({ page, beonho, placeOf, serve, tokens }) => {
    const here = new CallbackApp(placeOf(id));
    await serve(here.place, here.app);
    const party = await StrictClient.discover(here.place, beonho.origin);
    const question = await party.ask({ max_age: '3600' });
    await page.goto(question.url.href);
    await becomeSomebody(page, here.place.name);
    await personAt(page, here.place.origin);

    const response = await party.redeem(party.validate(here.arrival, question), question);
    expect(response.headers.get('cache-control')).toContain('no-store');
    const { access_token, id_token, token_type, expires_in, claims, ...rest } = await party.read(response, question, 3600);
    tokens.push(access_token, id_token);
    expect({ token_type, expires_in }).toEqual({ token_type: 'bearer', expires_in: 600 });
    expect(rest.refresh_token, 'of a client that may not').toBeUndefined();

    const jwks = party.as.jwks_uri ?? '';
    const verified = await verifyByKeys(id_token, jwks, { issuer: beonho.origin, audience: id, algorithm: alg });
    expect(verified).toMatchObject({ sub: claims.sub, nonce: question.nonce, kid: expect.stringMatching(/\S/) });
    expect(decodeProtectedHeader(id_token).alg).toBe(alg);
    const other = alg === 'RS256' ? 'ES256' : 'RS256';
    await expect(verifyByKeys(id_token, jwks, { issuer: beonho.origin, audience: id, algorithm: other })).rejects.toMatchObject({ code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
    expect(claims.name).toBe(id === 'phone' ? '민지' : undefined);
    expect(await party.userInfo(access_token, claims.sub)).toMatchObject({ name: '민지', preferred_username: claims.sub });
  });
}

test('the metadata of both well-known paths are one, and complete', async ({ beonho, placeOf }) => {
  const { as } = await StrictClient.discover(placeOf('basic'), beonho.origin);
  expect((await StrictClient.discover(placeOf('basic'), beonho.origin, 'oauth2')).as).toEqual(as);
  expect(as).toMatchObject({
    issuer: beonho.origin,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    request_uri_parameter_supported: false,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
  expect(as.id_token_signing_alg_values_supported).toEqual(expect.arrayContaining(['RS256', 'ES256']));
  expect(as.id_token_signing_alg_values_supported).not.toContain('none');
  expect(as.subject_types_supported).toEqual(expect.arrayContaining(['public', 'pairwise']));
  expect(as.token_endpoint_auth_methods_supported?.sort()).toEqual(['client_secret_basic', 'client_secret_post', 'none']);
  expect(as.grant_types_supported).toEqual(expect.arrayContaining(['authorization_code', 'refresh_token']));
  expect(as.scopes_supported).toEqual(expect.arrayContaining(['openid', 'profile', 'phone', 'offline_access']));
});

test('a code is good once, for one verifier, one client and one secret', async ({ page, beonho, placeOf, serve, tokens }) => {
  const here = new CallbackApp(placeOf('basic'));
  await serve(here.place, here.app);
  const party = await StrictClient.discover(here.place, beonho.origin);
  const codes = async (): Promise<[URLSearchParams, Awaited<ReturnType<typeof party.ask>>]> => {
    const question = await party.ask();
    await page.goto(question.url.href);
    if (page.url().startsWith(beonho.origin)) await becomeSomebody(page, here.place.name);
    await personAt(page, here.place.origin);
    return [party.validate(here.arrival, question), question];
  };
  const refused = { error: 'invalid_grant', status: 400 };

  const [code, question] = await codes();
  const wrongVerifier = { ...question, verifier: oauth.generateRandomCodeVerifier() };
  await expect(party.redeem(code, wrongVerifier).then((answer) => party.read(answer, question))).rejects.toMatchObject(refused);

  const [second, asked] = await codes();
  const thief = await StrictClient.discover(placeOf('post'), beonho.origin);
  const stolen = oauth.authorizationCodeGrantRequest(thief.as, thief.client, thief.auth, second, here.place.redirectUri, asked.verifier, INSECURE);
  await expect(stolen.then((answer) => thief.read(answer, asked))).rejects.toMatchObject(refused);

  const [third, wanted] = await codes();
  const guessed = oauth.authorizationCodeGrantRequest(party.as, party.client, oauth.ClientSecretBasic('guessed'), third, here.place.redirectUri, wanted.verifier, INSECURE);
  await expect(guessed.then((answer) => party.read(answer, wanted))).rejects.toMatchObject({ status: 401, cause: [{ scheme: 'basic' }] });
  const { access_token, claims } = await party.read(await party.redeem(third, wanted), wanted);
  tokens.push(access_token);
  expect(await party.userInfo(access_token, claims.sub)).toMatchObject({ sub: claims.sub });
  await expect(party.redeem(third, wanted).then((answer) => party.read(answer, wanted))).rejects.toMatchObject(refused);
  await expect(party.userInfo(access_token, claims.sub), 'a replay revokes').rejects.toMatchObject({ status: 401, cause: [{ scheme: 'bearer' }] });
});
