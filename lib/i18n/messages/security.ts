import { defineMessages } from "../define-messages";

export const security = defineMessages({
  "pt-BR": {
    title: "Segurança",
  },
  en: {
    title: "Security",
  },
  es: {
    title: "Seguridad",
  },
});
