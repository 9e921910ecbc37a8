import "server-only";
import { cookies } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, LOCALE_COOKIE } from "./locale";
import { messagesOf } from "./messages";

/** The zone of times on a person's pages; store pages pass the store's own zone. */
export const DEFAULT_TIME_ZONE = "America/Sao_Paulo";

/** What next-intl needs for one request: the chosen language, and its texts. */
export default getRequestConfig(async () => {
  const locale = chooseLocale((await cookies()).get(LOCALE_COOKIE)?.value);
  return { locale, messages: messagesOf(locale), timeZone: DEFAULT_TIME_ZONE };
});
