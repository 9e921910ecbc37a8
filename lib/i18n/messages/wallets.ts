import { defineMessages } from "../define-messages";

export const wallets = defineMessages({
  "pt-BR": {
    title: "Carteiras",
  },
  en: {
    title: "Wallets",
  },
  es: {
    title: "Billeteras",
  },
});
