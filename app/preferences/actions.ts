"use server";

import { cookies } from "next/headers";
import { z } from "zod";
import { publicAction } from "@/lib/action";
import { LOCALE_COOKIE, LOCALES } from "@/lib/i18n/locale";
import { THEME_COOKIE } from "@/components/theme";

const YEAR_SECONDS = 365 * 24 * 60 * 60;
const OPTIONS = { path: "/", maxAge: YEAR_SECONDS, sameSite: "lax", httpOnly: true } as const;

const saveLocale = publicAction(z.object({ locale: z.enum(LOCALES) }), async (_visitor, { locale }): Promise<undefined> => {
  (await cookies()).set(LOCALE_COOKIE, locale, OPTIONS);
});

const saveTheme = publicAction(z.object({ theme: z.enum(["light", "dark", "device"]) }), async (_visitor, { theme }): Promise<undefined> => {
  const jar = await cookies();
  if (theme === "device") jar.delete(THEME_COOKIE);
  else jar.set(THEME_COOKIE, theme, OPTIONS);
});

/** Field `locale`. Keeps the language on this device; a value that is none of ours changes nothing. */
export async function chooseLocaleAction(form: FormData): Promise<void> {
  await saveLocale(null, form);
}

/** Field `theme`. Keeps light or dark on this device, or goes back to the device's own. */
export async function chooseThemeAction(form: FormData): Promise<void> {
  await saveTheme(null, form);
}
