import "server-only";
import { sql } from "@/db/client";
import { USDC, type Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { PaymentParts } from "@/lib/chain/pay";
import { DomainError } from "@/lib/errors";
import { usdMicrosFromDecimal } from "@/lib/money";
import { issuersOf, type Issuer } from "./check-parts";
import { OTHER_STORES_MAX, type RewardsPart } from "./choose-parts";
import type { RewardPart, TokenPart } from "./rules";

/** A payment's row, as far as its operation is made of it. */
export type PaymentRow = {
  chainId: ChainId;
  storeId: string;
  projectId: number;
  amountUsdMicros: bigint;
  tokensUsed: readonly TokenPart[];
  rewardsEarned: RewardPart | null;
};

type Share = Pick<RewardsPart, "kind" | "storeId" | "amountUsdMicros" | "units">;
export type RebuiltParts = { parts: PaymentParts; shares: Share[]; issuers: Map<string, Issuer> };

/**
 * A payment's parts, made again from its row: tokens and revnets come from the stores' own rows, and the shares have to add up to the
 * price, because the row may come from whoever broke into the web process. Fails with not_found for a row that pay_reserve can't have
 * been asked for.
 */
export async function rebuildParts({ chainId, storeId, projectId, amountUsdMicros, tokensUsed, rewardsEarned }: PaymentRow): Promise<RebuiltParts> {
  const shares = tokensUsed.flatMap(({ store_id, amount, amount_usd }): Share[] =>
    store_id ? [{ kind: store_id === storeId ? "own" : "other", storeId: store_id, amountUsdMicros: usdMicrosFromDecimal(amount_usd), units: BigInt(amount) }] : [],
  );
  const dollars = tokensUsed.filter(({ store_id }) => !store_id);
  const [own, ...tooManyOwn] = shares.filter(({ kind }) => kind === "own");
  const others = shares.filter(({ kind }) => kind === "other");
  const total = tokensUsed.reduce((sum, { amount_usd }) => sum + usdMicrosFromDecimal(amount_usd), 0n);
  const areDollars = dollars.every(({ token_address, amount, amount_usd }) => token_address === USDC[chainId] && BigInt(amount) === usdMicrosFromDecimal(amount_usd));
  if (total !== amountUsdMicros || !areDollars || dollars.length > 1 || tooManyOwn.length > 0 || others.length > OTHER_STORES_MAX) throw new DomainError("not_found");

  const issuers = await issuersOf(chainId, shares.map((share) => share.storeId));
  const hasIssuer = tokensUsed.every(({ store_id, token_address }) => !store_id || issuers.get(store_id)?.tokenAddress === token_address);
  if (!hasIssuer || issuers.size !== shares.length || shares.some(({ amountUsdMicros: share, units }) => share <= 0n || units <= 0n)) throw new DomainError("not_found");
  return {
    shares,
    issuers,
    parts: {
      chainId,
      projectId,
      own: own ? { token: issuers.get(own.storeId)?.tokenAddress as Address, storeAccount: await storeAccountOf(chainId, storeId), units: own.units } : null,
      cashOuts: others.flatMap(({ storeId: issuerId, units, amountUsdMicros: minUsdMicros }) => {
        const issuer = issuers.get(issuerId);
        return issuer ? [{ projectId: issuer.projectId, units, minUsdMicros }] : [];
      }),
      dollarsUsdMicros: usdMicrosFromDecimal(dollars[0]?.amount_usd ?? "0"),
      minReturnedUnits: BigInt(rewardsEarned?.amount ?? 0),
    },
  };
}

/** Where a store's own rewards go. Fails with store_not_ready. */
export async function storeAccountOf(chainId: ChainId, storeId: string): Promise<Address> {
  const [row] = await sql<{ address: Address }[]>`SELECT address FROM store_accounts WHERE store_id = ${storeId} AND chain_id = ${chainId}::chain_id`;
  if (!row) throw new DomainError("store_not_ready");
  return row.address;
}
