import { defineMessages } from "../define-messages";

export const passkeys = defineMessages({
  "pt-BR": {
    title: "Chaves de acesso",
  },
  en: {
    title: "Passkeys",
  },
  es: {
    title: "Llaves de acceso",
  },
});
