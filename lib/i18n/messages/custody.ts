import { defineMessages } from "../define-messages";

export const custody = defineMessages({
  "pt-BR": {
    title: "Quem movimenta o dinheiro",
  },
  en: {
    title: "Who can move the money",
  },
  es: {
    title: "Quién mueve el dinero",
  },
});
