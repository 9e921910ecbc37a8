import { defineMessages } from "../define-messages";

/** The till: waiting, paid, checking a code. */
export const till = defineMessages({
  "pt-BR": {
    title: "Caixa",
    waiting: "Tela verde e som: só assim está pago.",
    paid: "Pago",
    nextSale: "Próxima venda",
  },
  en: {
    title: "Till",
    waiting: "Green screen and sound: only then it is paid.",
    paid: "Paid",
    nextSale: "Next sale",
  },
  es: {
    title: "Caja",
    waiting: "Pantalla verde y sonido: solo así está pagado.",
    paid: "Pagado",
    nextSale: "Próxima venta",
  },
});
