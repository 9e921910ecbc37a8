import { useLocale, useTranslations } from "next-intl";
import { LOCALE_NAMES, LOCALES } from "@/lib/i18n/locale";
import { Segments } from "./ui/segments";
import { SubmitOnChange } from "./submit-on-change";
import type { Theme } from "./theme";

type FormAction = (form: FormData) => void | Promise<void>;

/** Light, dark, or as the device. The action reads `theme`, sets or clears the cookie, and comes back to the page. */
export function ThemeSwitch({ current, action }: { current: Theme; action: FormAction }) {
  const t = useTranslations("common");
  return (
    <SubmitOnChange action={action} submitLabel={t("apply")}>
      <Segments
        name="theme"
        legend={t("theme")}
        defaultValue={current}
        segments={[
          { value: "device", label: t("themeDevice") },
          { value: "light", label: t("themeLight") },
          { value: "dark", label: t("themeDark") },
        ]}
      />
    </SubmitOnChange>
  );
}

/** The three languages in their own names. The action reads `locale`, sets the cookie, and comes back to the page. */
export function LocaleSwitch({ action }: { action: FormAction }) {
  const t = useTranslations("common");
  return (
    <SubmitOnChange action={action} submitLabel={t("apply")}>
      <Segments name="locale" legend={t("language")} defaultValue={useLocale()} segments={LOCALES.map((locale) => ({ value: locale, label: LOCALE_NAMES[locale] }))} />
    </SubmitOnChange>
  );
}
