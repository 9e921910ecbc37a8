import "server-only";
import type { Visitor } from "./actor";
import { parsePhone } from "./phone";
import { sendPhoneCode } from "./send-phone-code";

/**
 * Sends a code that signs in, to a phone that may or may not have an account.
 * Fails with: phone_invalid, phone_country_unsupported, code_resend_wait {seconds}, too_many_requests {seconds}, message_not_sent.
 */
export const sendSignInCode = async (visitor: Visitor, input: { phone: string; country?: string }) => sendPhoneCode(visitor, { phone: parsePhone(input.phone, input.country), purpose: "sign_in" });
