import { defineMessages } from "../define-messages";

export const recovery = defineMessages({
  "pt-BR": {
    title: "Recuperação",
  },
  en: {
    title: "Recovery",
  },
  es: {
    title: "Recuperación",
  },
});
