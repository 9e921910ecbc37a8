import { defineMessages } from "../define-messages";

export const exports = defineMessages({
  "pt-BR": {
    title: "Arquivos",
  },
  en: {
    title: "Files",
  },
  es: {
    title: "Archivos",
  },
});
