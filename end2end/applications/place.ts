import { createHash, randomBytes } from 'node:crypto';
import { freePort } from '../support/port';

/** How an application is to be registered. Paths stand where its port is not known yet. */
export interface Wish {
  name: string;
  callback: string;
  afterSignOut?: string;
  backChannel?: string;
  isPublic?: boolean;
  /** Further fields of a client, as `OIDC_CLIENTS` has them. */
  fields?: Record<string, unknown>;
}

/** An application's place: its address, its secret, and how the provider is told of it. Nothing need run there. */
export interface Place extends Wish {
  id: string;
  secret: string;
  port: number;
  /** Another host than the provider's, so that the browser takes them for two sites. */
  origin: string;
  redirectUri: string;
  client: Record<string, unknown>;
}

export async function findPlace(id: string, wish: Wish): Promise<Place> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const secret = randomBytes(32).toString('base64url');
  const credentials = wish.isPublic
    ? { token_endpoint_auth_method: 'none' }
    : { client_secret_sha256: [createHash('sha256').update(secret).digest('hex')] };
  // The port of a public client is whatever was free (RFC 8252, 7.3).
  const registered = wish.isPublic ? 'http://127.0.0.1' : origin;
  const client = {
    client_id: id,
    client_name: wish.name,
    ...credentials,
    redirect_uris: [registered + wish.callback],
    ...(wish.afterSignOut && { post_logout_redirect_uris: [origin + wish.afterSignOut] }),
    ...(wish.backChannel && { backchannel_logout_uri: origin + wish.backChannel }),
    ...wish.fields,
  };
  return { ...wish, id, secret, port, origin, redirectUri: origin + wish.callback, client };
}
