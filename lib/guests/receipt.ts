import "server-only";
import type { PaymentView } from "@/lib/payments/queries";
import type { GuestPaymentView } from "./queries";

/** A paid page as the receipt shows payments; null unless it is paid and the browser's own. */
export function receiptOf({ paid, own, store, ...page }: GuestPaymentView): PaymentView | null {
  if (!paid || !own) return null;
  return {
    id: page.reference,
    type: "payment",
    status: "confirmed",
    purpose: null,
    origin: "guest",
    kind: "payment",
    direction: "out",
    isHeld: false,
    store,
    counterparty: null,
    note: null,
    amountUsdMicros: paid.amountUsdMicros,
    amountBrlCentavos: page.amountBrlCentavos,
    brlPerUsdMicros: page.brlPerUsdMicros,
    rateAt: page.rateAt,
    confirmationCode: own.code,
    parts: [{ kind: "dollars", store: null, amountUsdMicros: paid.amountUsdMicros, units: paid.amountUsdMicros, surplusUsdMicros: 0n }],
    reward: own.reward && { ...own.reward, isExpected: false },
    fees: [],
    charge: own.charge && { id: own.charge.id, tipUsdMicros: own.charge.tipUsdMicros, tipBrlCentavos: own.charge.tipBrlCentavos },
    refund: null,
    errorCode: null,
    createdAt: page.createdAt,
    confirmedAt: paid.at,
    details: { chainId: paid.chainId, transactionHash: own.txHash, operationHash: null, blockNumber: paid.blockNumber, payeeAddress: null, payerAddress: null },
  };
}
