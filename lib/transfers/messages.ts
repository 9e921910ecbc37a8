import type { Locale } from "@/lib/i18n/locale";

/** Text messages of sends: plain GSM-7, at most 160 characters. A name is a first name in plain letters, an amount has no other signs than its own. */
type Sentences = {
  sent: (values: { name: string; amount: string; link: string }) => string;
  confirmYours: (values: { name: string }) => string;
  returned: string;
};

const SENTENCES: Record<Locale, Sentences> = {
  "pt-BR": {
    sent: ({ name, amount, link }) => `CocoPay: ${name || "alguem"} enviou ${amount} para voce. Receba em ate 14 dias: ${link}`,
    confirmYours: ({ name }) => `CocoPay: ${name || "a pessoa"} aceitou o que voce enviou. Abra o CocoPay e confirme para o dinheiro sair.`,
    returned: "CocoPay: ninguem aceitou em 14 dias o que voce enviou. O dinheiro voltou ao seu saldo.",
  },
  en: {
    sent: ({ name, amount, link }) => `CocoPay: ${name || "someone"} sent you ${amount}. Take it within 14 days: ${link}`,
    confirmYours: ({ name }) => `CocoPay: ${name || "the person"} accepted what you sent. Open CocoPay and confirm it to let the money go.`,
    returned: "CocoPay: nobody accepted what you sent within 14 days. The money is back in your balance.",
  },
  es: {
    sent: ({ name, amount, link }) => `CocoPay: ${name || "alguien"} te envio ${amount}. Recibelo en 14 dias: ${link}`,
    confirmYours: ({ name }) => `CocoPay: ${name || "la persona"} acepto lo que enviaste. Abre CocoPay y confirma para que salga el dinero.`,
    returned: "CocoPay: nadie acepto en 14 dias lo que enviaste. El dinero volvio a tu saldo.",
  },
};

export const sendMessages = (locale: Locale): Sentences => SENTENCES[locale];
