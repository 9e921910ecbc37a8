import { defineMessages } from "../define-messages";

export const settings = defineMessages({
  "pt-BR": {
    title: "Configurações",
  },
  en: {
    title: "Settings",
  },
  es: {
    title: "Ajustes",
  },
});
