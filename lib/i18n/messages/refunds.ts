import { defineMessages } from "../define-messages";

export const refunds = defineMessages({
  "pt-BR": {
    title: "Devoluções",
  },
  en: {
    title: "Refunds",
  },
  es: {
    title: "Devoluciones",
  },
});
