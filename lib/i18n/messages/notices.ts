import { defineMessages } from "../define-messages";

export const notices = defineMessages({
  "pt-BR": {
    title: "Avisos da conta",
  },
  en: {
    title: "Account notices",
  },
  es: {
    title: "Avisos de la cuenta",
  },
});
