import "server-only";
import { getLocale, getTranslations } from "next-intl/server";
import type { ErrorCode } from "@/lib/errors";
import { errorValues } from "./error-values";

/** The same as `useErrorText`, for async pages and actions: `const errorText = await getErrorText()`. */
export async function getErrorText(): Promise<(code: ErrorCode, details?: Record<string, string | number>) => string> {
  const [t, locale] = await Promise.all([getTranslations("errors"), getLocale()]);
  return (code, details = {}) => t(code, errorValues(details, locale));
}
