import { z } from "zod";
import { CHAIN_IDS } from "@/lib/chain/chains";

const Units = z.string().regex(/^\d{1,78}$/).transform(BigInt);
const Address = z.string().regex(/^0x[0-9a-f]{40}$/).transform((text) => text as `0x${string}`);

/** What the screen promised of a transfer of dollars, as `transactions.terms` keeps it. */
export const DollarsTerms = z.object({ toChainId: z.enum(CHAIN_IDS), recipient: Address, maxFeeUsdMicros: Units, finality: z.number().int() });
export type DollarsTerms = z.output<typeof DollarsTerms>;

/** The same for rewards: the store's sucker, and the least dollars that go along with them. */
export const RewardsTerms = z.object({ toChainId: z.enum(CHAIN_IDS), recipient: Address, sucker: Address, token: Address, minUsdMicros: Units });
export type RewardsTerms = z.output<typeof RewardsTerms>;

/** Terms as JSON: integers as text. */
export const storedTerms = (terms: DollarsTerms | RewardsTerms): Record<string, string | number> =>
  Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value]));
