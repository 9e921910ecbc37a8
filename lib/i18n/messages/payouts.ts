import { defineMessages } from "../define-messages";

export const payouts = defineMessages({
  "pt-BR": {
    title: "Retiradas",
  },
  en: {
    title: "Payouts",
  },
  es: {
    title: "Retiros",
  },
});
