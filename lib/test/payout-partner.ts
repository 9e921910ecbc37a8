import { randomBytes, randomUUID } from "node:crypto";
import { ProviderError, type PayoutProvider, type ProviderTicket } from "@/lib/payouts/provider";

export type Method = Exclude<keyof PayoutProvider, "name">;
type Order = { ticket: ProviderTicket; accountId: string; amountUsdMicros: bigint; outputBrlCentavos: bigint };

/** A process that dies: nothing of ours catches it. */
export class Crash extends Error {}

/**
 * A partner in memory, with its books: what came, what was paid, what is held. Deposits are credited when a test says so, by the hash that the chain gave. It takes
 * an order's id once, as the real ones do.
 */
export function payoutPartner() {
  const books = { credited: new Map<string, Map<string, bigint>>(), orders: new Map<string, Order>(), quotes: new Map<string, { accountId: string; amountUsdMicros: bigint; outputBrlCentavos: bigint }>(), lookups: 0 };
  const knobs = {
    identity: "confirmed" as "confirmed" | "needed" | "rejected",
    brlPerUsdMicros: 5_400_000n,
    isDown: false,
    /** What the next order's submit does. */
    submit: "answers" as "answers" | "refuses" | "busy" | "loses_answer" | "loses_order" | "expired",
    creditsAtOnce: true,
    leftBrlCentavos: null as bigint | null,
    crash: null as { method: Method; when: "before" | "after" } | null,
  };
  const creditsOf = (accountId: string) => books.credited.get(accountId) ?? new Map<string, bigint>();
  const isOut = ({ ticket }: Order) => ticket.state !== "failed" && ticket.state !== "returned";
  const paidBy = (accountId: string) => [...books.orders.values()].filter((order) => order.accountId === accountId && isOut(order));
  const balance = (accountId: string) => [...creditsOf(accountId).values()].reduce((sum, amount) => sum + amount, 0n) - paidBy(accountId).reduce((sum, order) => sum + order.amountUsdMicros, 0n);

  const calls: Omit<PayoutProvider, "name"> = {
    openAccount: async ({ storeId }) => ({ accountId: `account-${storeId}`, identity: knobs.identity, identityUrl: knobs.identity === "needed" ? "https://partner.test/who" : null, representativeUrl: null, depositAddress: `0x${Buffer.from(storeId.replaceAll("-", ""), "hex").toString("hex").padStart(40, "d")}` }),
    lookUpKey: async (_accountId, pixKey) => {
      books.lookups += 1;
      return pixKey.startsWith("naoexiste") ? null : { name: "HELENA PRADO", maskedDocument: "***.456.789-**", bankName: "Banco 260" };
    },
    leftBrlCentavos: async () => knobs.leftBrlCentavos,
    quote: async (accountId, { amountUsdMicros }) => {
      const outputBrlCentavos = (amountUsdMicros * knobs.brlPerUsdMicros) / 10_000_000_000n - 50n;
      const token = randomUUID();
      books.quotes.set(token, { accountId, amountUsdMicros, outputBrlCentavos });
      return { token, inputUsdMicros: amountUsdMicros, outputBrlCentavos, brlPerUsdMicros: knobs.brlPerUsdMicros, fees: [{ name: "Out Fee", amount: "50", currency: "BRL" }], expiresAt: new Date(Date.now() + 15_000) };
    },
    balanceUsdMicros: async (accountId) => balance(accountId),
    isCredited: async (accountId, { txHash, amountUsdMicros }) => {
      if (knobs.creditsAtOnce) books.credited.set(accountId, creditsOf(accountId).set(txHash, amountUsdMicros));
      return creditsOf(accountId).get(txHash) === amountUsdMicros;
    },
    submit: async (accountId, { payoutId, quoteToken }) => {
      const behaviour = knobs.submit;
      knobs.submit = "answers";
      if (behaviour === "refuses") throw new ProviderError("refused", "PIX-KEY-NOT-FOUND");
      if (behaviour === "busy") throw new ProviderError("busy", null);
      if (behaviour === "expired") throw new ProviderError("expired", null);
      if (behaviour === "loses_order") throw new ProviderError("uncertain", null);
      if (books.orders.has(payoutId)) throw new ProviderError("refused", "DUPLICATE");
      const quote = books.quotes.get(quoteToken);
      if (!quote || quote.accountId !== accountId) throw new ProviderError("expired", null);
      if (balance(accountId) < quote.amountUsdMicros) throw new ProviderError("refused", "INSUFFICIENT-BALANCE");
      const ticket: ProviderTicket = { ticketId: `ticket-${randomBytes(6).toString("hex")}`, state: "processing", reason: null, endToEndId: null };
      books.orders.set(payoutId, { ticket, accountId, amountUsdMicros: quote.amountUsdMicros, outputBrlCentavos: quote.outputBrlCentavos });
      if (behaviour === "loses_answer") throw new ProviderError("uncertain", null);
      return { ...ticket };
    },
    find: async (_accountId, payoutId) => {
      const order = books.orders.get(payoutId);
      return order ? { ...order.ticket } : null;
    },
    read: async (_accountId, ticketId) => {
      const order = [...books.orders.values()].find(({ ticket }) => ticket.ticketId === ticketId);
      if (!order) throw new ProviderError("refused", "UNKNOWN-TICKET");
      return { ...order.ticket };
    },
    receiptPdf: async () => new TextEncoder().encode("%PDF-1.7 partner"),
  };
  const guard = (method: Method, work: (...input: never[]) => Promise<unknown>) => async (...input: never[]) => {
    const crash = knobs.crash?.method === method ? knobs.crash : null;
    if (crash) knobs.crash = null;
    if (crash?.when === "before") throw new Crash(method);
    if (knobs.isDown) throw new ProviderError("busy", "down");
    const answer = await work(...input);
    if (crash?.when === "after") throw new Crash(method);
    return answer;
  };
  const provider = { name: "avenia", ...Object.fromEntries(Object.entries(calls).map(([method, work]) => [method, guard(method as Method, work as never)])) } as PayoutProvider;
  return {
    provider,
    knobs,
    books,
    balance,
    /** The orders that a store's account paid or is paying. */
    paid: (accountId: string) => paidBy(accountId),
    /** The end of every order that is on its way, or of all. */
    end: (state: ProviderTicket["state"], from: ProviderTicket["state"] = "processing") => {
      for (const { ticket } of books.orders.values()) {
        if (ticket.state !== from) continue;
        ticket.state = state;
        if (state === "paid") ticket.endToEndId = `E12345678${randomBytes(12).toString("hex").slice(0, 23)}`;
        if (state === "failed") ticket.reason = "PIX-KEY-NOT-FOUND";
      }
    },
    /** Dollars that nobody announced. */
    give: (accountId: string, amountUsdMicros: bigint) => books.credited.set(accountId, creditsOf(accountId).set(`stray-${randomUUID()}`, amountUsdMicros)),
    reset: () => Object.assign(knobs, { identity: "confirmed", brlPerUsdMicros: 5_400_000n, isDown: false, submit: "answers", creditsAtOnce: true, leftBrlCentavos: null, crash: null }),
  };
}
