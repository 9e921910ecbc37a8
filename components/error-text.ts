import { useLocale, useTranslations } from "next-intl";
import type { ErrorCode } from "@/lib/errors";
import { errorValues } from "@/lib/i18n/error-values";

/** `const errorText = useErrorText(); errorText(result.code, result.details)` gives the sentence. In components and in pages that are not async. */
export function useErrorText(): (code: ErrorCode, details?: Record<string, string | number>) => string {
  const t = useTranslations("errors");
  const locale = useLocale();
  return (code, details = {}) => t(code, errorValues(details, locale));
}
