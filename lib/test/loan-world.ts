import { encodeFunctionData, parseAbi, type Address } from "viem";
import { sql } from "@/db/client";
import { erc20Abi, permissionsAbi, revLoansAbi } from "@/lib/chain/abis";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import { sendAs } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { generateKey } from "@/lib/chain/keys";
import { newId } from "@/lib/ids";
import { claimBonus } from "@/lib/loans/claim-bonus";
import { openLoansOf } from "@/lib/loans/queries";
import { quoteClaim, type ClaimRequest } from "@/lib/loans/quote-claim";
import { refreshRevnetStates } from "@/lib/rewards/refresh-revnet-states";
import { must, type ChainWorld, type Payer } from "./chain-world";

const addToBalanceAbi = parseAbi(["function addToBalanceOf(uint256 projectId, address token, uint256 amount, bool shouldReturnHeldFees, string memo, bytes metadata) payable"]);

export async function projectOf(storeId: string): Promise<{ projectId: number; token: Address }> {
  const [row] = await sql<{ project_id: number; token_address: Address }[]>`SELECT project_id, token_address FROM store_deployments WHERE store_id = ${storeId} AND project_id IS NOT NULL`;
  return { projectId: must(row).project_id, token: must(row).token_address };
}

/** Dollars that somebody adds to a store's treasury without getting tokens for them: every token is worth more. */
export async function growStore({ chain: { client }, chainId }: ChainWorld, storeId: string, amountUsdMicros: bigint) {
  const { projectId } = await projectOf(storeId);
  const donor = generateKey().address;
  await client.setBalance({ address: donor, value: 10n ** 19n });
  await usdcFaucet({ client, chainId, to: donor, amountUsdMicros });
  await sendAs(client, donor, { to: USDC[chainId], data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [JUICEBOX.multiTerminal, amountUsdMicros] }) });
  await sendAs(client, donor, { to: JUICEBOX.multiTerminal, data: encodeFunctionData({ abi: addToBalanceAbi, functionName: "addToBalanceOf", args: [BigInt(projectId), USDC[chainId], amountUsdMicros, false, "", "0x"] }) });
}

/** The follower at the head, and every revnet's state read again there, as the schedule does. */
export async function lookAgain(world: ChainWorld) {
  await world.chain.client.mine({ blocks: 1 });
  await world.follow();
  await refreshRevnetStates();
}

/** Quotes, confirms and settles a claim or repayment as the pages and the worker do. */
export async function claim(world: ChainWorld, person: Payer, request: ClaimRequest) {
  const { quote, signed } = await quoteClaim(person, request);
  const { transactionIds } = await claimBonus(person, { key: newId(), quote: signed });
  await world.settle();
  return { quote, item: must(quote.items[0]), transactionId: must(transactionIds[0]), transactionIds };
}

export const transactionOf = async (id: string) =>
  must((await sql<{ status: string; amount: string; error_code: string | null; purpose: string; reserved: string }[]>`
    SELECT t.status, (t.amount_usd * 1000000)::bigint::text AS amount, t.error_code, t.purpose,
           COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.operation_id = t.id AND r.released_at IS NULL), 0)::text AS reserved
    FROM transactions t WHERE t.id = ${id}`)[0]);

/** What REVLoans says of each loan that our rows call open, beside what our rows and queries say. */
export async function compareLoans({ chain: { client } }: ChainWorld, person: Payer) {
  const open = await openLoansOf(person);
  const rows = await Promise.all(
    open.map(async ({ loan, owed, headroom, place, prepaidFeeBps }) => {
      const read = { address: JUICEBOX.revLoans, abi: revLoansAbi } as const;
      const onChain = await client.readContract({ ...read, functionName: "loanOf", args: [loan.number] });
      const owner = await client.readContract({ ...read, functionName: "ownerOf", args: [loan.number] });
      const fee = await client.readContract({ ...read, functionName: "determineSourceFeeAmount", args: [onChain, onChain.amount] });
      const carried = async (units: bigint) => client.readContract({ ...read, functionName: "borrowableAmountFrom", args: [BigInt(place.projectId), units, 6n, BigInt(USDC[place.chainId]) & 0xffff_ffffn] });
      const kept = onChain.collateral - (headroom?.units ?? 0n);
      return {
        ours: { amount: loan.borrowedUsdMicros, collateral: loan.collateralUnits, createdAt: loan.createdAt, prepaid: loan.prepaidFeePercent, bps: prepaidFeeBps, seconds: loan.prepaidSeconds, owner: person.address, owed: owed?.totalUsdMicros, headroomIsCarried: true, oneMoreIsNot: true },
        chain: {
          amount: onChain.amount, collateral: onChain.collateral, createdAt: onChain.createdAt, prepaid: onChain.prepaidFeePercent, bps: onChain.prepaidFeePercent * 10, seconds: onChain.prepaidDuration, owner: owner.toLowerCase(),
          owed: onChain.amount + fee, headroomIsCarried: headroom === null || (await carried(kept)) >= onChain.amount, oneMoreIsNot: headroom === null || (await carried(kept - 1n)) < onChain.amount,
        },
      };
    }),
  );
  return { ours: rows.map((row) => row.ours), chain: rows.map((row) => row.chain) };
}

/** What REVLoans may still do with an account's tokens. */
export const permissionsLeft = ({ chain: { client } }: ChainWorld, account: Address, projectId: number) =>
  client.readContract({ address: JUICEBOX.permissions, abi: permissionsAbi, functionName: "permissionsOf", args: [JUICEBOX.revLoans, account, BigInt(projectId)] });

export const tokensOf = ({ chain: { client } }: ChainWorld, token: Address, account: Address) => client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [account] });
