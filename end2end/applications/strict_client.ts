import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import * as oauth from 'oauth4webapi';
import type { Place } from './place';

/** Loopback has no TLS. */
export const INSECURE = { [oauth.allowInsecureRequests]: true };

/** What has to be remembered while the browser is away. */
export interface Question {
  url: URL;
  verifier: string;
  state: string;
  nonce: string;
}

/** A relying party of `oauth4webapi` alone, which reads every answer by the letter. */
export class StrictClient {
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;

  private constructor(
    readonly place: Place,
    readonly as: oauth.AuthorizationServer,
  ) {
    const { id_token_signed_response_alg, token_endpoint_auth_method } = place.client as Partial<Record<string, string>>;
    this.client = { client_id: place.id, ...(id_token_signed_response_alg && { id_token_signed_response_alg }) };
    if (place.isPublic) this.auth = oauth.None();
    else this.auth = token_endpoint_auth_method === 'client_secret_post' ? oauth.ClientSecretPost(place.secret) : oauth.ClientSecretBasic(place.secret);
  }

  static async discover(place: Place, issuer: string, algorithm: 'oidc' | 'oauth2' = 'oidc'): Promise<StrictClient> {
    const url = new URL(issuer);
    const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { ...INSECURE, algorithm }));
    return new StrictClient(place, as);
  }

  async ask(extra: Record<string, string> = {}): Promise<Question> {
    const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(this.as.authorization_endpoint ?? '');
    const parameters = {
      client_id: this.place.id,
      redirect_uri: this.place.redirectUri,
      response_type: 'code',
      scope: 'openid profile phone',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...extra,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url, verifier, state, nonce };
  }

  /** Checks what the browser brought, RFC 9207's `iss` included; throws what the provider refused. */
  validate(arrival: URL, { state }: Question): URLSearchParams {
    return oauth.validateAuthResponse(this.as, this.client, arrival, state);
  }

  async redeem(parameters: URLSearchParams, { verifier }: Question): Promise<Response> {
    return oauth.authorizationCodeGrantRequest(this.as, this.client, this.auth, parameters, this.place.redirectUri, verifier, INSECURE);
  }

  /** Reads a token response, and has the id token's signature verified. */
  async read(response: Response, { nonce }: Question, maxAge?: number): Promise<oauth.TokenEndpointResponse & { claims: oauth.IDToken; id_token: string }> {
    const options = { expectedNonce: nonce, requireIdToken: true, ...(maxAge !== undefined && { maxAge }) };
    const tokens = await oauth.processAuthorizationCodeResponse(this.as, this.client, response, options);
    await oauth.validateApplicationLevelSignature(this.as, response, INSECURE);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    if (!claims || !tokens.id_token) throw new Error('no id token');
    return { ...tokens, claims, id_token: tokens.id_token };
  }

  async userInfo(accessToken: string, sub: string): Promise<oauth.UserInfoResponse> {
    const response = await oauth.userInfoRequest(this.as, this.client, accessToken, INSECURE);
    return oauth.processUserInfoResponse(this.as, this.client, sub, response);
  }
}

/** Has `jose` verify a token by the published keys, for one algorithm and no other. */
export async function verifyByKeys(token: string, jwksUri: string, options: { issuer: string; audience: string; algorithm: string; typ?: string }): Promise<JWTPayload & { kid?: string }> {
  const { issuer, audience, algorithm, typ } = options;
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, audience, algorithms: [algorithm], ...(typ && { typ }), requiredClaims: ['iat', 'exp'] });
  return { ...payload, kid: protectedHeader.kid };
}
