import { defineMessages } from "../define-messages";

export const guest = defineMessages({
  "pt-BR": {
    title: "Pagar com carteira",
  },
  en: {
    title: "Pay with a wallet",
  },
  es: {
    title: "Pagar con billetera",
  },
});
