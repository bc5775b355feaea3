import express, { type Express, type Request, type Response } from 'express';
import type { JWTPayload } from 'jose';
import { faultOf } from './app_page';
import type { Place } from './place';
import { verifyByKeys } from './strict_client';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** The end of an application that the provider tells of a sign-out (OpenID Connect Back-Channel Logout 1.0, 2.6). */
export class LogoutReceiver {
  readonly told: JWTPayload[] = [];
  readonly faults: string[] = [];
  /** How often it is to fail first. */
  failures = 0;

  constructor(
    app: Express,
    private readonly place: Place,
    private readonly provider: { issuer: string; jwksUri: string },
  ) {
    app.post(place.backChannel ?? '', express.urlencoded({ extended: false }), (request, response) => this.#receive(request, response));
  }

  async #receive(request: Request, response: Response): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    if (this.failures-- > 0) return void response.status(503).end();
    try {
      this.told.push(await this.#read(request.body as Record<string, string>));
      response.end();
    } catch (error) {
      this.faults.push(faultOf(error));
      response.status(400).json({ error: 'invalid_request' });
    }
  }

  async #read({ logout_token, ...rest }: Record<string, string>): Promise<JWTPayload> {
    if (!logout_token || Object.keys(rest).length) throw new Error(`the form is not a logout_token alone: ${Object.keys(rest)}`);
    const algorithm = String(this.place.fields?.id_token_signed_response_alg ?? 'RS256');
    const { issuer, jwksUri } = this.provider;
    const { kid, ...payload } = await verifyByKeys(logout_token, jwksUri, { issuer, audience: this.place.id, algorithm, typ: 'logout+jwt' });
    const { iat = 0, exp = 0, jti, sub, sid, events } = payload;
    if (!kid || !jti || !(sub || sid)) throw new Error(`kid, jti, sub or sid is missing: ${JSON.stringify(payload)}`);
    if (exp - iat > 120) throw new Error(`it is good for ${exp - iat} s`);
    if ('nonce' in payload) throw new Error('an id token could be made of it');
    if (JSON.stringify(events) !== JSON.stringify({ [EVENT]: {} })) throw new Error(`events: ${JSON.stringify(events)}`);
    return payload;
  }
}
