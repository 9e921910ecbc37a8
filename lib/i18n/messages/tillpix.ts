import { defineMessages } from "../define-messages";

export const tillpix = defineMessages({
  "pt-BR": {
    title: "Pix no caixa",
  },
  en: {
    title: "Pix at the till",
  },
  es: {
    title: "Pix en la caja",
  },
});
