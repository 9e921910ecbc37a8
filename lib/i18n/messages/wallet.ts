import { defineMessages } from "../define-messages";

/** Home, activity, scanning and profile: a person's own money. */
export const wallet = defineMessages({
  "pt-BR": {
    balance: "Seu saldo",
    rewards: "Suas recompensas",
    today: "Hoje",
    seeAll: "Ver tudo",
    activityTitle: "Atividade",
    scanTitle: "Pagar",
    profileTitle: "Perfil",
    activityEmptyTitle: "Seu primeiro azulejo está esperando",
  },
  en: {
    balance: "Your balance",
    rewards: "Your rewards",
    today: "Today",
    seeAll: "See all",
    activityTitle: "Activity",
    scanTitle: "Pay",
    profileTitle: "Profile",
    activityEmptyTitle: "Your first tile is waiting",
  },
  es: {
    balance: "Tu saldo",
    rewards: "Tus recompensas",
    today: "Hoy",
    seeAll: "Ver todo",
    activityTitle: "Actividad",
    scanTitle: "Pagar",
    profileTitle: "Perfil",
    activityEmptyTitle: "Tu primer azulejo te espera",
  },
});
