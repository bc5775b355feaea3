/** A phone number in the spellings that a story needs. */
export interface Phone {
  typed: string;
  digits: string;
  e164: string;
  /** As a page of the same country shows it. */
  masked: string;
  /** As the console and the log show it. */
  maskedAbroad: string;
}

export const PHONE: Phone = {
  typed: '010-1234-5678',
  digits: '01012345678',
  e164: '+821012345678',
  masked: '010-****-5678',
  maskedAbroad: '+82 10-****-5678',
};

export const OTHER_PHONE: Phone = {
  typed: '010-8765-4321',
  digits: '01087654321',
  e164: '+821087654321',
  masked: '010-****-4321',
  maskedAbroad: '+82 10-****-4321',
};
