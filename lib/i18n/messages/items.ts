import { defineMessages } from "../define-messages";

export const items = defineMessages({
  "pt-BR": {
    title: "Itens",
  },
  en: {
    title: "Items",
  },
  es: {
    title: "Productos",
  },
});
