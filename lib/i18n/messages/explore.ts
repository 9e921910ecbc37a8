import { defineMessages } from "../define-messages";

export const explore = defineMessages({
  "pt-BR": {
    title: "Explorar",
  },
  en: {
    title: "Explore",
  },
  es: {
    title: "Explorar",
  },
});
