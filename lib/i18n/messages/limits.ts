import { defineMessages } from "../define-messages";

export const limits = defineMessages({
  "pt-BR": {
    title: "Limites",
  },
  en: {
    title: "Limits",
  },
  es: {
    title: "Límites",
  },
});
