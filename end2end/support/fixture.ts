import { expect, test as base, type TestInfo } from '@playwright/test';
import { startHook } from '../emulators/hook';
import { startSens, type SensOptions } from '../emulators/sens';
import { startSensAlimtalk, type AlimtalkOptions } from '../emulators/sens_alimtalk';
import { startSolapi, type SolapiOptions } from '../emulators/solapi';
import { startTwilioMessaging, type MessagingOptions } from '../emulators/twilio_messaging';
import { startTwilioVerify, type TwilioOptions } from '../emulators/twilio_verify';
import { closeCopies } from './axe';
import { Complaints } from './complaints';
import { confidentialIn, expectNoLeaks } from './leaks';
import { freePort } from './port';
import { newSecretKey, startServer, type Env, type Server } from './server';
import { startTlsProxy, type TlsProxy } from './tls_proxy';
import { providerEnv, type Provider, type Vendors } from './vendor_env';

export { expect } from '@playwright/test';
export { axe } from './axe';

interface Options {
  /** One, or several in the order in which they are tried. */
  provider: Provider | Provider[];
  /** Settings of the server that go before all others. */
  serverEnv: Env;
  sensOptions: SensOptions;
  alimtalkOptions: AlimtalkOptions;
  twilioOptions: TwilioOptions;
  messagingOptions: MessagingOptions;
  solapiOptions: SolapiOptions;
  /** Puts a TLS proxy in front and makes the server's origin an https one. */
  https: boolean;
}

interface Fixtures extends Vendors {
  vendors: Vendors;
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
  alimtalkOptions: [{ maxBytes: MAX_TEXT_BYTES }, { option: true }],
  twilioOptions: [{}, { option: true }],
  messagingOptions: [{}, { option: true }],
  solapiOptions: [{ maxBytes: MAX_TEXT_BYTES }, { option: true }],
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

  hook: async ({}, use) => {
    const hook = await startHook();
    await use(hook);
    await hook.close();
    expect(hook.violations, 'what an endpoint should not have been sent').toEqual([]);
  },

  solapi: async ({ solapiOptions }, use) => {
    const solapi = await startSolapi(solapiOptions);
    await use(solapi);
    await solapi.close();
    expect(solapi.violations, 'what Solapi should not have been sent').toEqual([]);
  },

  alimtalk: async ({ sens, alimtalkOptions }, use) => {
    const alimtalk = await startSensAlimtalk({ sms: sens, ...alimtalkOptions });
    await use(alimtalk);
    await alimtalk.close();
    expect(alimtalk.violations, 'what SENS should not have been sent as a talk').toEqual([]);
  },

  messaging: async ({ messagingOptions }, use) => {
    const messaging = await startTwilioMessaging(messagingOptions);
    await use(messaging);
    await messaging.close();
    expect(messaging.violations, 'what Twilio should not have been sent as a message').toEqual([]);
  },

  vendors: async ({ sens, alimtalk, twilio, messaging, hook, solapi }, use) => use({ sens, alimtalk, twilio, messaging, hook, solapi }),

  proxyPort: async ({ https }, use) => use(https ? await freePort() : undefined),

  beonho: async ({ provider, serverEnv, vendors, proxyPort }, use, info) => {
    const server = await startServer({ ...providerEnv(provider, vendors), ...behindProxy(proxyPort), ...serverEnv });
    await use(server);
    await attachOnFailure(info, server);
    const confidential = await confidentialIn(vendors, server);
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
    await closeCopies(context);
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
