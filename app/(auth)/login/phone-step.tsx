"use client";

import { ChevronDown } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { controlStyle, FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { paths } from "@/lib/paths";
import { DEFAULT_PHONE_COUNTRY, isPhoneCountry, PHONE_COUNTRIES } from "@/lib/auth/rules";
import { PasskeySignIn } from "./passkey-sign-in";
import type { SignInState } from "./sign-in-state";

/** Country and phone. The picker is a native select over the dial code, so that it works before the page wakes up. */
export function PhoneStep({ state, next, submit, kept }: { state: SignInState; next: string; submit: (form: FormData) => void; kept?: ReactNode }) {
  const t = useTranslations("auth");
  const errorText = useErrorText();
  const [country, setCountry] = useState(isPhoneCountry(state.typed.country) ? state.typed.country : DEFAULT_PHONE_COUNTRY);
  const chosen = PHONE_COUNTRIES.find(({ code }) => code === country) ?? PHONE_COUNTRIES[0];
  const error = state.failure ? errorText(state.failure.code, state.failure.details) : undefined;

  return (
    <form action={submit} className="flex flex-1 flex-col">
      {kept}
      <h1 className="mt-7 text-[2rem]/[2.375rem]">{t("phoneTitle")}</h1>
      <p className="mt-2 text-muted">{t("phoneLead")}</p>
      <input type="hidden" name="next" value={next} />
      <div className="mt-5.5 grid grid-cols-[auto_minmax(0,1fr)] items-end gap-2.5">
        <div className="flex flex-col gap-1.5">
          <label htmlFor="country" className="text-label">
            {t("countryLabel")}
          </label>
          <div className={`${controlStyle({ hasError: false })} relative w-auto! gap-1.5!`}>
            <select
              id="country"
              name="country"
              value={country}
              onChange={(event) => setCountry(isPhoneCountry(event.target.value) ? event.target.value : DEFAULT_PHONE_COUNTRY)}
              autoComplete="tel-country-code"
              className="absolute inset-0 cursor-pointer rounded-control opacity-0"
            >
              {PHONE_COUNTRIES.map(({ code, callingCode }) => (
                <option key={code} value={code}>
                  {t(`countries.${code}`)} +{callingCode}
                </option>
              ))}
            </select>
            <span aria-hidden="true" className="font-semibold">
              {chosen.code} +{chosen.callingCode}
            </span>
            <Icon of={ChevronDown} size="chip" className="text-muted" />
          </div>
        </div>
        <div className="flex flex-col gap-1.5">
          <label htmlFor="phone" className="text-label">
            {t("phoneLabel")}
          </label>
          <div className={controlStyle({ hasError: Boolean(error) })}>
            <input
              id="phone"
              name="phone"
              type="tel"
              inputMode="tel"
              // The browser offers passkeys here too: "webauthn" is in HTML's list, the lint's list is older.
              // oxlint-disable-next-line jsx-a11y/autocomplete-valid
              autoComplete="tel-national webauthn"
              required
              maxLength={40}
              autoFocus
              defaultValue={state.typed.phone}
              key={state.typed.phone}
              placeholder={chosen.example}
              aria-describedby={error ? "phone-hint phone-error" : "phone-hint"}
              aria-invalid={error ? true : undefined}
              className="min-w-0 flex-1 self-stretch bg-transparent text-[1.25rem]/6 font-semibold outline-none placeholder:font-normal placeholder:text-muted"
            />
          </div>
        </div>
      </div>
      <div className="mt-1.5 min-h-5">
        <p id="phone-hint" className={error ? "sr-only" : "text-small text-muted"}>
          {country === "BR" ? t("phoneHintBr") : t("phoneHintOther")}
        </p>
        <FieldError id="phone-error" error={error} />
      </div>
      <div className="mt-4">
        <SubmitButton name="intent" value="request" isWide busyLabel={t("sendingCode")}>
          {t("continue")}
        </SubmitButton>
        <PasskeySignIn next={next} />
      </div>
      <p className="mt-auto pt-6 text-center text-caption text-muted">{t.rich("legal", { terms: (text) => <Link href={paths.terms()}>{text}</Link>, policy: (text) => <Link href={paths.privacyPolicy()}>{text}</Link> })}</p>
    </form>
  );
}

