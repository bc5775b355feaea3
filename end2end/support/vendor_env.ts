import type { Hook } from '../emulators/hook';
import type { Sens } from '../emulators/sens';
import type { SensAlimtalk } from '../emulators/sens_alimtalk';
import type { Solapi } from '../emulators/solapi';
import type { TwilioMessaging } from '../emulators/twilio_messaging';
import type { TwilioVerify } from '../emulators/twilio_verify';
import type { Env } from './server';

export type Provider = 'outbox' | 'sens' | 'sens_alimtalk' | 'twilio_verify' | 'twilio_messaging' | 'http' | 'solapi';

/** Every vendor's emulator. */
export interface Vendors {
  sens: Sens;
  alimtalk: SensAlimtalk;
  twilio: TwilioVerify;
  messaging: TwilioMessaging;
  hook: Hook;
  solapi: Solapi;
}

/** The settings with which the server speaks to an emulator (docs/design.md, "Where do settings come from?"). */
export function sensEnv({ url, settings }: Sens): Env {
  return {
    SMS_PROVIDER: 'sens',
    SENS_BASE_URL: url,
    NAVER_SERVICE_ID: settings.serviceId,
    NAVER_ACCESS_KEY: settings.accessKey,
    NAVER_SECRET_KEY: settings.secretKey,
    SENDER_PHONE_NUMBER: settings.sender,
  };
}

/** Talks and text messages are answered at each other's address, as at the vendor. */
export function alimtalkEnv({ url, settings }: SensAlimtalk): Env {
  return {
    SMS_PROVIDER: 'sens_alimtalk',
    SENS_BASE_URL: url,
    NAVER_ACCESS_KEY: settings.accessKey,
    NAVER_SECRET_KEY: settings.secretKey,
    SENDER_PHONE_NUMBER: settings.sender,
    NAVER_ALIMTALK_SERVICE_ID: settings.serviceId,
    NAVER_ALIMTALK_CHANNEL: settings.plusFriendId,
    NAVER_ALIMTALK_TEMPLATE_CODE: settings.templateCode,
    NAVER_ALIMTALK_TEMPLATE: settings.template,
  };
}

export function twilioEnv({ url, settings }: TwilioVerify): Env {
  return {
    SMS_PROVIDER: 'twilio_verify',
    TWILIO_VERIFY_BASE_URL: url,
    TWILIO_ACCOUNT_SID: settings.accountSid,
    TWILIO_AUTH_TOKEN: settings.authToken,
    TWILIO_VERIFY_SERVICE_SID: settings.serviceSid,
  };
}

/** An account that has no number of its own sends from its service. */
export function messagingEnv({ url, settings }: TwilioMessaging): Env {
  return {
    SMS_PROVIDER: 'twilio_messaging',
    TWILIO_MESSAGING_BASE_URL: url,
    TWILIO_ACCOUNT_SID: settings.accountSid,
    TWILIO_AUTH_TOKEN: settings.authToken,
    ...(settings.from ? { TWILIO_FROM: settings.from } : { TWILIO_MESSAGING_SERVICE_SID: settings.messagingServiceSid }),
  };
}

export function hookEnv({ endpoint, settings }: Hook): Env {
  return { SMS_PROVIDER: 'http', SMS_HTTP_URL: endpoint, SMS_HTTP_SECRET: settings.secret, SMS_HTTP_REPORTS: 'yes' };
}

export function solapiEnv({ url, settings }: Solapi): Env {
  return {
    SMS_PROVIDER: 'solapi',
    SOLAPI_BASE_URL: url,
    SOLAPI_API_KEY: settings.apiKey,
    SOLAPI_API_SECRET: settings.apiSecret,
    SOLAPI_SENDER: settings.sender,
  };
}

/** Turns Solapi's texts into talks with a text for where there is no Kakao. */
export function solapiKakaoEnv({ settings: { template } }: Solapi): Env {
  return { SOLAPI_KAKAO_PF_ID: template.pfId, SOLAPI_KAKAO_TEMPLATE_ID: template.templateId };
}

const ENVS: Record<Provider, (vendors: Vendors) => Env> = {
  outbox: () => ({}),
  sens: ({ sens }) => sensEnv(sens),
  sens_alimtalk: ({ alimtalk }) => alimtalkEnv(alimtalk),
  twilio_verify: ({ twilio }) => twilioEnv(twilio),
  twilio_messaging: ({ messaging }) => messagingEnv(messaging),
  http: ({ hook }) => hookEnv(hook),
  solapi: ({ solapi }) => solapiEnv(solapi),
};

/** One provider as `SMS_PROVIDER` names it, several in their order as `SMS_PROVIDERS` does. */
export function providerEnv(provider: Provider | Provider[], vendors: Vendors): Env {
  if (!Array.isArray(provider)) return ENVS[provider](vendors);
  const { SMS_PROVIDER: _, ...env } = Object.assign({}, ...provider.map((one) => ENVS[one](vendors))) as Env;
  return { ...env, SMS_PROVIDERS: provider.join(',') };
}
