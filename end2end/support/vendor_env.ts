import type { Sens } from '../emulators/sens';
import type { TwilioVerify } from '../emulators/twilio_verify';
import type { Env } from './server';

export type Provider = 'outbox' | 'sens' | 'twilio_verify';

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

export function twilioEnv({ url, settings }: TwilioVerify): Env {
  return {
    SMS_PROVIDER: 'twilio_verify',
    TWILIO_VERIFY_BASE_URL: url,
    TWILIO_ACCOUNT_SID: settings.accountSid,
    TWILIO_AUTH_TOKEN: settings.authToken,
    TWILIO_VERIFY_SERVICE_SID: settings.serviceSid,
  };
}

export function providerEnv(provider: Provider, sens: Sens, twilio: TwilioVerify): Env {
  if (provider === 'sens') return sensEnv(sens);
  return provider === 'twilio_verify' ? twilioEnv(twilio) : {};
}
