import { defineMessages } from "../define-messages";

/** The page that stands in when even the layout fails: it has no provider, so it carries its own few texts. */
export const crash = defineMessages({
  "pt-BR": {
    title: "Algo falhou do nosso lado",
    text: "Tente de novo. Se você estava pagando, veja a atividade antes de pagar outra vez.",
    retry: "Tentar de novo",
    code: "Código para o suporte:",
  },
  en: {
    title: "Something failed on our side",
    text: "Try again. If you were paying, look at your activity before you pay again.",
    retry: "Try again",
    code: "Code for support:",
  },
  es: {
    title: "Algo falló de nuestro lado",
    text: "Intenta de nuevo. Si estabas pagando, mira tu actividad antes de pagar otra vez.",
    retry: "Intentar de nuevo",
    code: "Código para soporte:",
  },
});
