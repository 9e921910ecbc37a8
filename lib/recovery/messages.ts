import type { Locale } from "@/lib/i18n/locale";

/** Text messages of recovery to people whom notices do not reach: plain GSM-7, at most 160 characters. */
type Sentences = {
  asked: (values: { name: string; link: string }) => string;
  accepted: (values: { name: string }) => string;
  removed: (values: { name: string }) => string;
  storeAbsent: (values: { days: number }) => string;
  storeClaimed: string;
};

const SENTENCES: Record<Locale, Sentences> = {
  "pt-BR": {
    asked: ({ name, link }) => `CocoPay: ${name || "alguem"} quer seu celular como reserva. Veja o que significa: ${link}`,
    accepted: ({ name }) => `CocoPay: voce agora e o celular de reserva de ${name || "alguem"}. Para sair, abra Seguranca no CocoPay.`,
    removed: ({ name }) => `CocoPay: voce nao e mais o celular de reserva de ${name || "alguem"}.`,
    storeAbsent: ({ days }) => `CocoPay: faz ${days} dias que ninguem que cuida da sua loja entra. Entre no CocoPay para mostrar que ela segue em uso.`,
    storeClaimed: "CocoPay: o celular de reserva da pessoa dona pediu a loja em que voce trabalha. Entre no CocoPay para impedir.",
  },
  en: {
    asked: ({ name, link }) => `CocoPay: ${name || "someone"} wants your phone as a backup. See what it means: ${link}`,
    accepted: ({ name }) => `CocoPay: you are now the backup phone of ${name || "someone"}. To stop, open Security in CocoPay.`,
    removed: ({ name }) => `CocoPay: you are no longer the backup phone of ${name || "someone"}.`,
    storeAbsent: ({ days }) => `CocoPay: nobody who runs your store has signed in for ${days} days. Sign in to CocoPay to show that it is in use.`,
    storeClaimed: "CocoPay: the owner's backup phone asked for the store you work at. Sign in to CocoPay to stop that.",
  },
  es: {
    asked: ({ name, link }) => `CocoPay: ${name || "alguien"} quiere tu celular como respaldo. Mira que significa: ${link}`,
    accepted: ({ name }) => `CocoPay: ahora eres el celular de respaldo de ${name || "alguien"}. Para salir, abre Seguridad en CocoPay.`,
    removed: ({ name }) => `CocoPay: ya no eres el celular de respaldo de ${name || "alguien"}.`,
    storeAbsent: ({ days }) => `CocoPay: hace ${days} dias que nadie que cuida tu tienda entra. Entra en CocoPay para mostrar que sigue en uso.`,
    storeClaimed: "CocoPay: el celular de respaldo de la persona duena pidio la tienda donde trabajas. Entra en CocoPay para impedirlo.",
  },
};

export const recoveryMessages = (locale: Locale): Sentences => SENTENCES[locale];
