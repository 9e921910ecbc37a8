import type { Locale } from "@/lib/i18n/locale";

/** The text message of an invitation: plain GSM-7, at most 160 characters, names in plain letters (recovery's plainFirstName, plainStoreName). */
type Sentences = { invited: (values: { name: string; store: string; link: string }) => string };

const SENTENCES: Record<Locale, Sentences> = {
  "pt-BR": { invited: ({ name, store, link }) => `CocoPay: ${name || "alguem"} chama voce para a equipe de ${store || "uma loja"}. Ate 7 dias: ${link}` },
  en: { invited: ({ name, store, link }) => `CocoPay: ${name || "someone"} invites you to the team of ${store || "a store"}. Within 7 days: ${link}` },
  es: { invited: ({ name, store, link }) => `CocoPay: ${name || "alguien"} te invita al equipo de ${store || "una tienda"}. Hasta 7 dias: ${link}` },
};

export const teamMessages = (locale: Locale): Sentences => SENTENCES[locale];
