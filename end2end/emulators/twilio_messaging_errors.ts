import type { Answer } from './http';
import { twilioError, twilioErrors } from './twilio_errors';

/**
 * What a send is refused with, by the codes of the error pages (twilio.com/docs/api/errors/…). The pages give no HTTP status
 * but for 21614, which the guidelines for Korea call a 400: that the others are 400 too is what published clients saw.
 */
export const messagingErrors = {
  20003: twilioErrors[20003],
  20429: twilioErrors[20429],
  21211: twilioError(21211, 400, "The 'To' number +8210 is not a valid phone number."),
  21408: twilioError(21408, 400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +821012345678"),
  21602: twilioError(21602, 400, 'Message body is required.'),
  21603: twilioError(21603, 400, "A 'From' phone number is required."),
  21604: twilioError(21604, 400, "A 'To' phone number is required."),
  21608: twilioError(21608, 400, 'The number +821012345678 is unverified. Trial accounts cannot send messages to unverified numbers'),
  21609: twilioError(21609, 400, "The 'StatusCallback' URL is not a valid URL."),
  21610: twilioError(21610, 400, 'Attempt to send to unsubscribed recipient'),
  21611: twilioError(21611, 400, "This 'From' number has exceeded the maximum number of queued messages"),
  21612: twilioError(21612, 400, "Message cannot be sent with the current combination of 'To' (+821012345678) and/or 'From' (+15005550006) parameters"),
  21614: twilioError(21614, 400, "'To' number is not a valid mobile number"),
  21617: twilioError(21617, 400, 'The concatenated message body exceeds the 1600 character limit'),
  21659: twilioError(21659, 400, "'From' +15005550001 is not a Twilio phone number or Short Code country mismatch"),
  21703: twilioError(21703, 400, 'The Messaging Service does not have a phone number available to send a message'),
  30450: twilioError(30450, 400, 'Message delivery blocked'),
  500: twilioErrors[500],
  503: twilioErrors[503],
} satisfies Record<number, Answer>;

/** An unknown message, and another account's, look the same; the path in the text is the one that was asked for. */
export function messageNotFound(target: string): Answer {
  return twilioError(20404, 404, `The requested resource ${target} was not found`);
}
