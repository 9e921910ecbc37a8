import { defineMessages } from "../define-messages";

/** Opening and running a store. */
export const store = defineMessages({
  "pt-BR": {
    newTitle: "Abrir uma loja",
    today: "Hoje",
    payments: "Pagamentos",
    qrKit: "Kit QR",
    openTill: "Abrir caixa",
  },
  en: {
    newTitle: "Open a store",
    today: "Today",
    payments: "Payments",
    qrKit: "QR kit",
    openTill: "Open the till",
  },
  es: {
    newTitle: "Abrir una tienda",
    today: "Hoy",
    payments: "Pagos",
    qrKit: "Kit QR",
    openTill: "Abrir caja",
  },
});
