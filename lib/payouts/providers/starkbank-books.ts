import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import { isUsdcDeposited } from "@/lib/chain/deposits";
import { currentRate } from "@/lib/rates/queries";
import type { StarkBooks } from "./starkbank";

/** The books beside Stark Bank's: what stores sent to the treasury by the chain's word, and our own rate. */
export const starkbankBooks = ({ chainId, treasuryAddress }: { chainId: ChainId; treasuryAddress: string }): StarkBooks => ({
  treasuryAddress,
  depositedUsdMicros: async (storeId) => {
    const [row] = await sql<{ micros: string }[]>`
      SELECT (coalesce(sum(funded_usd), 0) * 1000000)::bigint::text AS micros FROM payouts WHERE store_id = ${storeId} AND provider = 'starkbank' AND funded_usd IS NOT NULL`;
    return BigInt(row?.micros ?? "0");
  },
  isDeposited: ({ txHash, amountUsdMicros }) => isUsdcDeposited(chainId, { txHash, to: treasuryAddress, amountUsdMicros }),
  rate: () => currentRate(),
});
