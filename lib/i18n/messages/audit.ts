import { defineMessages } from "../define-messages";

export const audit = defineMessages({
  "pt-BR": {
    title: "Registro",
  },
  en: {
    title: "Audit trail",
  },
  es: {
    title: "Registro",
  },
});
