import "server-only";
import { sql } from "@/db/client";
import type { ChainId } from "@/lib/chain/chains";
import type { CarriedKind } from "./rules";

export type Departure = {
  /** The transaction's and the operation's. */
  id: string;
  /** Whose money it is; of a payout, who asked for it. */
  userId: string;
  kind: CarriedKind;
  storeId: string | null;
  fromChainId: ChainId;
  toChainId: ChainId;
  recipient: string;
  units: bigint;
  sucker: string | null;
  startedBy: "person" | "night";
};

/**
 * Notes where money is going before anything is signed, so that no block can hold its departure without a row that waits for it. Repeated it changes
 * nothing but the amount of what has not left: a payout is worked out anew each time it is signed, and the chain has the last word on it. Worker only.
 */
export async function noteDeparture({ id, userId, kind, storeId, fromChainId, toChainId, recipient, units, sucker, startedBy }: Departure): Promise<void> {
  await sql`
    INSERT INTO consolidations (id, user_id, kind, store_id, from_chain_id, to_chain_id, recipient, units, sucker, started_by, to_from_block)
    SELECT ${id}, ${userId}, ${kind}, ${storeId}, ${fromChainId}::chain_id, ${toChainId}::chain_id, ${recipient}, ${units.toString()}::numeric, ${sucker}, ${startedBy},
      COALESCE((SELECT block_number FROM chain_cursors WHERE chain_id = ${toChainId}::chain_id), 0)
    ON CONFLICT (id) DO UPDATE SET units = excluded.units WHERE consolidations.stage = 'leaving' AND consolidations.units <> excluded.units`;
}
