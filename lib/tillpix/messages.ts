import type { Locale } from "@/lib/i18n/locale";

/** The text message of a waiting reward: plain GSM-7, at most 160 characters with the longest name and link. */
const SENTENCES: Record<Locale, (values: { store: string; link: string }) => string> = {
  "pt-BR": ({ store, link }) => `CocoPay: recompensa de ${store}. Entre com este celular e ela e sua: ${link}`,
  en: ({ store, link }) => `CocoPay: a reward from ${store}. Sign in with this phone and it is yours: ${link}`,
  es: ({ store, link }) => `CocoPay: recompensa de ${store}. Entra con este celular y es tuya: ${link}`,
};
const NAME_MAX = 24;

/** A store's name in letters that every phone gets, short enough for one message. */
const plainName = (name: string): string => name.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9 ]+/g, " ").replace(/ +/g, " ").trim().slice(0, NAME_MAX).trim() || "uma loja";

export const rewardMessage = (locale: Locale, { store, link }: { store: string; link: string }): string => SENTENCES[locale]({ store: plainName(store), link });
