import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import { messagesOf } from "@/lib/i18n/messages";
import type { PaymentView } from "@/lib/payments/queries";
import { receiptPaper } from "./receipt-paper";
import { receiptLines } from "./receipt-words";

const messages = messagesOf("pt-BR");
const translator = (namespace: "pay" | "receipts" | "activity" | "common") => createTranslator({ locale: "pt-BR", messages, namespace });
const words: Parameters<typeof receiptPaper>[1] = { pay: translator("pay"), receipts: translator("receipts"), activity: translator("activity"), common: translator("common") };

const cafe = { id: "0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c11", name: "Café da Praia", place: "Barra da Lagoa", shortCode: "CAFE22", qrVersion: 1, timeZone: "America/Manaus", legalName: "Café Ltda.", cnpj: "11222333000181" };
const sol = { id: "0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c12", name: "Padaria Sol", qrVersion: 1 };
const base: PaymentView = {
  id: "0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c13", type: "payment", status: "confirmed", purpose: null, origin: null, kind: "payment", direction: "out", isHeld: false, store: cafe, counterparty: null, note: null,
  amountUsdMicros: 7_000_000n, amountBrlCentavos: 3_850n, brlPerUsdMicros: 5_500_000n, rateAt: new Date("2026-11-22T17:00:00Z"), confirmationCode: "K7P4QX", parts: [], fees: [], reward: null, refund: null, charge: null, errorCode: null,
  createdAt: new Date("2026-11-22T17:02:00Z"), confirmedAt: new Date("2026-11-22T17:02:37Z"), details: { chainId: "84532", transactionHash: "0xabc", operationHash: null, blockNumber: 12n, payeeAddress: null, payerAddress: null },
};
const linesOf = (payment: PaymentView) => receiptLines(payment, words, "pt-BR").map(({ term, value }) => `${term}: ${value}`.replaceAll("\u00a0", " "));

test("a mixed payment: each store's rewards, dollars, what they add up to, what was left over and earned", () => {
  const part = { units: 1n, surplusUsdMicros: 0n };
  expect(
    linesOf({
      ...base,
      parts: [
        { ...part, kind: "own", store: cafe, amountUsdMicros: 2_333_333n },
        { ...part, kind: "other", store: sol, amountUsdMicros: 2_333_333n, surplusUsdMicros: 20_000n },
        { ...part, kind: "dollars", store: null, amountUsdMicros: 2_333_334n },
      ],
      reward: { units: 1n, valueUsdMicros: 350_000n, isExpected: false },
    }),
  ).toEqual(["Recompensas desta loja: R$ 12,83", "Recompensas de Padaria Sol: R$ 12,84", "Dólares (US$ 2,34): R$ 12,83", "Total: R$ 38,50", "Sobra de Padaria Sol, em dólares no seu saldo: R$ 0,11", "Você ganhou: R$ 1,93"]);
});

test("an advance: what the rewards are good for, less each fee, is what came", () => {
  const advance: PaymentView = {
    ...base, type: "bonus_claim", purpose: "advance", kind: "advance", direction: "in", confirmationCode: null, amountUsdMicros: 11_750_000n, amountBrlCentavos: 6_463n,
    parts: [{ kind: "own", store: cafe, amountUsdMicros: 12_500_000n, units: 1n, surplusUsdMicros: 0n }],
    fees: [{ kind: "protocol", amountUsdMicros: 312_500n }, { kind: "network", amountUsdMicros: 125_000n }, { kind: "store", amountUsdMicros: 312_500n }],
  };
  expect(linesOf(advance)).toEqual(["Recompensas desta loja: R$ 68,75", "Taxa do protocolo: −R$ 1,72", "Taxa da rede de lojas: −R$ 0,69", "Taxa da loja: −R$ 1,72", "Total: R$ 64,63"]);
  expect(linesOf({ ...advance, purpose: "repayment", kind: "repayment", direction: "out", fees: [] })).toEqual(["Total: R$ 64,63"]);
});

test("a send names its other side as the send does; a refund stands below the total", () => {
  const sent: PaymentView = { ...base, type: "received", purpose: "send", kind: "sent", store: null, confirmationCode: null };
  expect(linesOf({ ...sent, counterparty: { name: "Rafael F.", phoneShown: null } })[0]).toBe("Para: Rafael F.");
  expect(linesOf({ ...sent, counterparty: { name: null, phoneShown: "+55 •••• 0001" } })[0]).toBe("Para: +55 •••• 0001");
  expect(linesOf({ ...sent, counterparty: { name: null, phoneShown: null } })[0]).toBe("Para: Uma pessoa");
  expect(linesOf({ ...base, refund: { status: "refunded", amountUsdMicros: 6_650_000n, transactionHash: null } }).at(-1)).toBe("Estornado para quem pagou: R$ 36,58");
});

test("what a store gave back says of how much, and only all of it makes the receipt refunded", () => {
  const ofSale = { amountBrlCentavos: 1_000n, isPartial: true };
  const part: PaymentView = { ...base, refund: { status: "refunded", amountUsdMicros: 1_818_181n, transactionHash: null, ofSale } };
  expect(linesOf(part).at(-1)).toBe("Estornado, de R$ 38,50: R$ 10,00");
  expect(receiptPaper(part, words, "pt-BR").state).toBe("Pago");
  expect(linesOf({ ...base, refund: { status: "requested", amountUsdMicros: 1n, transactionHash: null, ofSale } }).at(-1)).toBe("Estorno a caminho, de R$ 38,50: R$ 10,00");
  expect(receiptPaper({ ...base, refund: { status: "refunded", amountUsdMicros: 7_000_000n, transactionHash: null, ofSale: { amountBrlCentavos: 3_850n, isPartial: false } } }, words, "pt-BR").state).toBe("Estornado");
});

test("a charge's tip stands below the total that holds it", () => {
  expect(linesOf({ ...base, amountBrlCentavos: 4_235n, charge: { id: "0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c14", tipUsdMicros: 700_000n, tipBrlCentavos: 385n } })).toEqual(["Total: R$ 42,35", "Inclui gorjeta: R$ 3,85"]);
});

test("the file says what it is, in the store's own time, with the registered name and number", () => {
  const paper = receiptPaper(base, words, "pt-BR");
  expect(paper).toMatchObject({ title: "Comprovante de pagamento", notFiscal: "Não é documento fiscal", store: "Café da Praia", storeLines: ["Barra da Lagoa", "CNPJ 11.222.333/0001-81", "Razão social: Café Ltda."], state: "Pago", code: { value: "K7P4QX" } });
  expect(paper.when).toContain("22 de nov. de 2026, 13:02:37 (");
  expect(paper.notes[0]?.replaceAll("\u00a0", " ")).toBe("Dólar a R$ 5,50 em 22 de nov. de 2026, 13:00");
  expect(paper.details.map(({ value }) => value)).toEqual([base.id, "Base Sepolia", "0xabc", "12"]);
  expect(receiptPaper({ ...base, kind: "sent", type: "received", store: null, confirmationCode: null, note: "trilha" }, words, "pt-BR")).toMatchObject({ code: null, state: "Concluído", storeLines: ["trilha"] });
  expect(receiptPaper({ ...base, kind: "advance", type: "bonus_claim" }, words, "pt-BR")).toMatchObject({ store: "Adiantamento", state: "Concluído", storeLines: ["Café da Praia", "Barra da Lagoa", expect.any(String), expect.any(String)] });
});
