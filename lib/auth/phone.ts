import "server-only";
import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js/mobile";
import { DomainError } from "@/lib/errors";
import { DEFAULT_PHONE_COUNTRY, isPhoneCountry, PHONE_COUNTRIES } from "./rules";

/** A mobile phone: `number` in E.164, the account's identity; `shown` as its owner reads it. */
export type Phone = { number: string; shown: string };

const MAX_TYPED = 40;

/**
 * What a person typed, as the one spelling of that mobile phone. A leading + wins over the country of the picker.
 * Fails with: phone_invalid (also landlines, which get no SMS, and extensions), phone_country_unsupported.
 */
export function parsePhone(typed: string, country: string = DEFAULT_PHONE_COUNTRY): Phone {
  if (typed.length > MAX_TYPED || /[\p{L}<>]/u.test(typed)) throw new DomainError("phone_invalid");
  if (!isPhoneCountry(country)) throw new DomainError("phone_country_unsupported");
  const parsed = parsePhoneNumberFromString(typed, country);
  if (!parsed || parsed.ext) throw new DomainError("phone_invalid");
  const phone = withMobilePrefix(parsed);
  if (phone.country && !isPhoneCountry(phone.country)) throw new DomainError("phone_country_unsupported");
  if (!phone.isValid()) throw new DomainError(isOurs(phone) ? "phone_invalid" : "phone_country_unsupported");
  return { number: phone.number, shown: phone.formatInternational() };
}

/** Argentines leave out the 9 of their mobiles as often as they write it: one phone must not become two people. */
function withMobilePrefix(phone: PhoneNumber): PhoneNumber {
  if (phone.countryCallingCode !== "54" || phone.nationalNumber.startsWith("9")) return phone;
  return parsePhoneNumberFromString(`+549${phone.nationalNumber}`) ?? phone;
}

const isOurs = (phone: PhoneNumber): boolean => PHONE_COUNTRIES.some(({ callingCode }) => callingCode === phone.countryCallingCode);

/** A phone for logs and the audit trail: the last two digits tell two apart, nothing gives one away. */
export const maskPhone = (number: string): string => `${number.slice(0, 3)}${"•".repeat(Math.max(0, number.length - 5))}${number.slice(-2)}`;

/** "+55 •••• 0001": enough for its owner to know which phone it is, too little to give it away over a shoulder. */
export const shownPhone = (number: string): string => `${parsePhoneNumberFromString(number)?.countryCallingCode.replace(/^/, "+") ?? number.slice(0, 3)} •••• ${number.slice(-4)}`;
