import { defineMessages } from "../define-messages";

export const analytics = defineMessages({
  "pt-BR": {
    title: "Análises",
  },
  en: {
    title: "Analytics",
  },
  es: {
    title: "Análisis",
  },
});
