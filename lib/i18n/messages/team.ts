import { defineMessages } from "../define-messages";

export const team = defineMessages({
  "pt-BR": {
    title: "Equipe",
  },
  en: {
    title: "Team",
  },
  es: {
    title: "Equipo",
  },
});
