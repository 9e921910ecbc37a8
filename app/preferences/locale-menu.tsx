import { Languages } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { SubmitOnChange } from "@/components/submit-on-change";
import { Icon } from "@/components/ui/icon";
import { LOCALE_NAMES, LOCALES } from "@/lib/i18n/locale";

/** The language in one small native list, for pages of strangers; the profile has the switch. */
export function LocaleMenu({ action }: { action: (form: FormData) => Promise<void> }) {
  const t = useTranslations("common");
  return (
    <SubmitOnChange action={action} submitLabel={t("apply")}>
      <label className="relative flex min-h-11 items-center gap-2 rounded-control px-2 text-small font-semibold text-muted has-focus-visible:outline-3 has-focus-visible:outline-focus">
        <Icon of={Languages} />
        <span className="sr-only">{t("language")}</span>
        <select name="locale" defaultValue={useLocale()} className="appearance-none bg-transparent outline-none [&>option]:bg-card [&>option]:text-ink">
          {LOCALES.map((locale) => (
            <option key={locale} value={locale}>
              {LOCALE_NAMES[locale]}
            </option>
          ))}
        </select>
      </label>
    </SubmitOnChange>
  );
}
