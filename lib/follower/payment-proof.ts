import "server-only";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { decimalFromUsdMicros, usdMicrosFromDecimal } from "@/lib/money";
import type { TokenPart } from "@/lib/payments/rules";
import type { OperationFact, TransferFact } from "./facts";

const NOBODY = `0x${"00".repeat(20)}`;

type Paid = { amount_usd: string; store_id: string; tokens_used: TokenPart[] | null };

/** The part of a payment that is handed over in the store's own rewards. */
export const ownPartOf = ({ store_id, tokens_used }: Paid): TokenPart | undefined => tokens_used?.find((part) => part.store_id === store_id);

/** What the Pay event of a payment has to say: the price without the store's own rewards, micro-dollars. */
export const paidInOf = (paid: Paid): bigint => usdMicrosFromDecimal(paid.amount_usd) - usdMicrosFromDecimal(ownPartOf(paid)?.amount_usd ?? "0");

/** The transfers of a range, each of which proves one part of one payment. */
export class LandedParts {
  private readonly ofTransaction = new Map<string, TransferFact[]>();
  private readonly taken = new Set<TransferFact>();

  constructor(
    private readonly chainId: ChainId,
    transfers: readonly TransferFact[],
  ) {
    for (const transfer of transfers) this.ofTransaction.set(transfer.txHash, [...(this.ofTransaction.get(transfer.txHash) ?? []), transfer]);
  }

  /** True when exactly these rewards went from the payer to the store in the operation's transaction, and no other payment was shown the same. */
  takeTransfer(fact: OperationFact, part: TokenPart, storeAccount: string): boolean {
    return this.take(fact, (transfer) => transfer.token === part.token_address && transfer.to === storeAccount && transfer.amountUnits === BigInt(part.amount)) !== undefined;
  }

  /**
   * A payment's parts with what each cash-out really brought above its share: the terminal burns the rewards and then sends the dollars.
   * Null when no other store's rewards were used.
   */
  withSurplus(fact: OperationFact, { store_id, tokens_used }: Paid): TokenPart[] | null {
    if (!tokens_used?.some((part) => part.store_id && part.store_id !== store_id)) return null;
    return tokens_used.map(({ surplus_usd: _, ...part }) => {
      if (!part.store_id || part.store_id === store_id) return part;
      const burn = this.take(fact, (transfer) => transfer.token === part.token_address && transfer.to === NOBODY && transfer.amountUnits === BigInt(part.amount));
      const dollars = burn && this.take(fact, (transfer) => transfer.logIndex > burn.logIndex && transfer.token === USDC[this.chainId] && transfer.from === JUICEBOX.multiTerminal, fact.sender);
      const surplus = dollars ? dollars.amountUnits - usdMicrosFromDecimal(part.amount_usd) : 0n;
      return surplus > 0n ? { ...part, surplus_usd: decimalFromUsdMicros(surplus) } : part;
    });
  }

  /** The first transfer from the payer, or to somebody, that fits and proves nothing yet. */
  private take({ txHash, sender }: OperationFact, fits: (transfer: TransferFact) => boolean, to?: string): TransferFact | undefined {
    const found = this.ofTransaction.get(txHash)?.find((transfer) => !this.taken.has(transfer) && (to === undefined ? transfer.from === sender : transfer.to === to) && fits(transfer));
    if (found) this.taken.add(found);
    return found;
  }
}
