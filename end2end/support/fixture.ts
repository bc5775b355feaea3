import { expect, test as base, type TestInfo } from '@playwright/test';
import { startSens, type Sens, type SensOptions } from '../emulators/sens';
import { startTwilioVerify, type TwilioOptions, type TwilioVerify } from '../emulators/twilio_verify';
import { Complaints } from './complaints';
import { confidentialIn, expectNoLeaks } from './leaks';
import { freePort } from './port';
import { newSecretKey, startServer, type Env, type Server } from './server';
import { startTlsProxy, type TlsProxy } from './tls_proxy';
import { providerEnv, type Provider } from './vendor_env';

export { expect } from '@playwright/test';
export { axe } from './axe';

interface Options {
  provider: Provider;
  /** Settings of the server that go before all others. */
  serverEnv: Env;
  sensOptions: SensOptions;
  twilioOptions: TwilioOptions;
  /** Puts a TLS proxy in front and makes the server's origin an https one. */
  https: boolean;
}

interface Fixtures {
  sens: Sens;
  twilio: TwilioVerify;
  /** The port of the TLS proxy, or none. */
  proxyPort: number | undefined;
  /** A server of the test's own. */
  beonho: Server;
  /** The proxy in front of it, when `https` is set. */
  tls: TlsProxy | undefined;
  complaints: Complaints;
}

/** Our own limit for a text, below the vendor's (docs/design.md, "What stands in the SMS?"). */
const MAX_TEXT_BYTES = 80;

export const test = base.extend<Options & Fixtures>({
  provider: ['outbox', { option: true }],
  serverEnv: [{}, { option: true }],
  sensOptions: [{ maxBytes: MAX_TEXT_BYTES }, { option: true }],
  twilioOptions: [{}, { option: true }],
  https: [false, { option: true }],

  sens: async ({ sensOptions }, use) => {
    const sens = await startSens(sensOptions);
    await use(sens);
    await sens.close();
    expect(sens.violations, 'what SENS should not have been sent').toEqual([]);
  },

  twilio: async ({ twilioOptions }, use) => {
    const twilio = await startTwilioVerify(twilioOptions);
    await use(twilio);
    await twilio.close();
    expect(twilio.violations, 'what Twilio should not have been sent').toEqual([]);
  },

  proxyPort: async ({ https }, use) => use(https ? await freePort() : undefined),

  beonho: async ({ provider, serverEnv, sens, twilio, proxyPort }, use, info) => {
    const server = await startServer({ ...providerEnv(provider, sens, twilio), ...behindProxy(proxyPort), ...serverEnv });
    await use(server);
    await attachOnFailure(info, server);
    const confidential = await confidentialIn(sens, twilio, server);
    await server.dispose();
    expectNoLeaks(server.output, confidential);
  },

  tls: async ({ beonho, proxyPort }, use) => {
    const proxy = proxyPort === undefined ? undefined : await startTlsProxy(proxyPort, beonho.port);
    await use(proxy);
    await proxy?.close();
  },

  baseURL: async ({ beonho, tls }, use) => use(tls?.origin ?? beonho.origin),

  ignoreHTTPSErrors: async ({ https }, use) => use(https),

  complaints: async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    complaints.expectNone();
  },

  context: async ({ context, complaints }, use) => {
    await complaints.watch(context);
    await use(context);
  },
});

/** What a server behind one proxy needs to be told (docs/design.md, "How does the server know where a request comes from?"). */
function behindProxy(port: number | undefined): Env {
  if (port === undefined) return {};
  return { PUBLIC_ORIGIN: `https://localhost:${port}`, TRUSTED_PROXIES: '1', SECRET_KEY: newSecretKey() };
}

async function attachOnFailure(info: TestInfo, server: Server): Promise<void> {
  if (info.status === info.expectedStatus) return;
  await info.attach('what the server printed', { body: server.output, contentType: 'text/plain' });
}
