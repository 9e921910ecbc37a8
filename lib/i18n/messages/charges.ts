import { defineMessages } from "../define-messages";

export const charges = defineMessages({
  "pt-BR": {
    title: "Cobranças",
  },
  en: {
    title: "Charges",
  },
  es: {
    title: "Cobros",
  },
});
