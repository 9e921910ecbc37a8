import { defineMessages } from "../define-messages";

export const privacy = defineMessages({
  "pt-BR": {
    title: "Meus dados",
  },
  en: {
    title: "My data",
  },
  es: {
    title: "Mis datos",
  },
});
