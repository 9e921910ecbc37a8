import { defineMessages } from "../define-messages";

/** The page of the local stack. It speaks of the machinery, so its texts are details. */
export const sandbox = defineMessages({
  "pt-BR": {
    details: {
      title: "Sandbox",
      lead: "Só existe no ambiente local: nada daqui chega a um telefone de verdade.",
      giveTitle: "Dar US$ 100 de teste",
      giveLead: "USDC de teste para a conta da pessoa, na rede escolhida.",
      phone: "Celular da pessoa",
      chain: "Rede",
      give: "Dar US$ 100",
      giving: "Enviando",
      given: "US$ 100 de teste enviados para {phone}. O saldo muda em instantes.",
      bankLead: "Pague aqui os códigos Pix de teste:",
      bank: "Banco de teste",
      messagesTitle: "Mensagens enviadas",
      messagesEmpty: "Nenhuma mensagem ainda. Peça um código na página de entrada.",
      code: "Código {code}",
    },
  },
  en: {
    details: {
      title: "Sandbox",
      lead: "Only here in the local stack: nothing on this page reaches a real phone.",
      giveTitle: "Give US$100 of test money",
      giveLead: "Test USDC for the person's account, on the network you choose.",
      phone: "The person's phone",
      chain: "Network",
      give: "Give US$100",
      giving: "Sending",
      given: "US$100 of test money sent to {phone}. The balance changes in a moment.",
      bankLead: "Pay the test Pix codes here:",
      bank: "Test bank",
      messagesTitle: "Sent messages",
      messagesEmpty: "No messages yet. Ask for a code on the sign-in page.",
      code: "Code {code}",
    },
  },
  es: {
    details: {
      title: "Sandbox",
      lead: "Solo existe en el entorno local: nada de esto llega a un teléfono real.",
      giveTitle: "Dar US$ 100 de prueba",
      giveLead: "USDC de prueba para la cuenta de la persona, en la red elegida.",
      phone: "Celular de la persona",
      chain: "Red",
      give: "Dar US$ 100",
      giving: "Enviando",
      given: "US$ 100 de prueba enviados a {phone}. El saldo cambia en instantes.",
      bankLead: "Paga aquí los códigos Pix de prueba:",
      bank: "Banco de prueba",
      messagesTitle: "Mensajes enviados",
      messagesEmpty: "Aún no hay mensajes. Pide un código en la página de entrada.",
      code: "Código {code}",
    },
  },
});
