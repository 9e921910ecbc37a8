import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { erc20Abi } from "@/lib/chain/abis";
import { JUICEBOX, USDC, type Address } from "@/lib/chain/addresses";
import { ledgerOf } from "@/lib/dev/avenia/ledger";
import { pay, type PayWay } from "@/lib/dev/avenia/payments";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { chainDeposits } from "@/lib/dev/chain/read-deposits";
import { chainVariable } from "@/lib/env";
import { newId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import { addDestination, confirmDestination } from "@/lib/payouts/add-destination";
import { advancePayout } from "@/lib/payouts/advance-payout";
import { lookUpDestination } from "@/lib/payouts/look-up-destination";
import { priceDollars } from "@/lib/payouts/price-dollars";
import { providerAccount } from "@/lib/payouts/provider-account";
import { payoutProvider } from "@/lib/payouts/providers";
import { quotePayout } from "@/lib/payouts/quote-payout";
import { reconcileAccounts } from "@/lib/payouts/reconcile-accounts";
import { requestPayout } from "@/lib/payouts/request-payout";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { confirm, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld } from "@/lib/test/chain-world";
import { makeCharge, makePixShop, openPix, pixRow, saleOf, switchPixOn, ticketsOf, type PixShop } from "@/lib/test/pix-world";
import { linkTillPix } from "@/lib/tillpix/link-till-pix";
import { syncTillPix } from "@/lib/tillpix/sync-till-pix";

/** Pix at the till and payouts of one store through one account at the partner's stand-in, at once, on a real chain. */
process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let avenia: AveniaWorld;
let isChainUp = false;
let shop: PixShop;
let owner: Actor;
beforeAll(async () => {
  avenia = await startAveniaWorld({
    mint: ({ to, amountUsdMicros }) => usdcFaucet({ client: world.chain.client, chainId: "84532", to: to as Address, amountUsdMicros }),
    deposits: (wanted) => (isChainUp ? chainDeposits("84532", chainVariable("RPC_URL", "84532"))(wanted) : Promise.reject(new Error("no chain yet"))),
    depositPollMs: 50,
  });
  world = await startChainWorld();
  isChainUp = true;
  await refreshRate();
  await switchPixOn();
  const store = await makeOpenStore(world);
  const person = await makePayer(world, 0n);
  owner = { ...person, name: "Bia", phone: "", locale: "pt-BR" };
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${person.userId}, 'owner', now() - interval '9 days')`;
  await sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${person.sessionId}`;
  await confirm(await makePayer(world, 100_000_000n), store, 100_000_000n);
  await world.settle();
  shop = await makePixShop(avenia, store.storeId, owner);
}, 120_000);
afterAll(async () => {
  await avenia.stop();
  await world.stop();
});

/** Somebody pays a code at a bank, and the provider's word about it is heard. */
async function payAtBank(pixId: string, way: PayWay, status: string): Promise<void> {
  pay(avenia.sandbox.world, must(ticketsOf(avenia, pixId)[0]), way);
  await expect.poll(async () => (await syncTillPix(pixId), (await pixRow(pixId)).status), { timeout: 10_000 }).toBe(status);
}
const usdcOf = (address: Address) => world.chain.client.readContract({ address: USDC[world.chainId], abi: erc20Abi, functionName: "balanceOf", args: [address] });

test("a till's dollars are no payout's credit and a payout's no till's sale; every sum is kept", { timeout: 120_000 }, async () => {
  const { storeId } = shop;
  const account = await providerAccount("avenia", storeId);
  const [row] = await sql<{ sub: string; address: Address }[]>`SELECT i.sub_account_id AS sub, a.address FROM store_identities i JOIN store_accounts a USING (store_id) WHERE i.store_id = ${storeId} AND a.chain_id = '84532'`;
  expect(account).toMatchObject({ identity: "confirmed", accountId: must(row).sub });
  expect(account.depositAddress).not.toBe(must(row).address);
  const [terminal, inStore] = [await usdcOf(JUICEBOX.multiTerminal), await usdcOf(must(row).address)];

  const { destinationId } = await addDestination(owner, { storeId, label: "", type: "pix", keyType: "email", key: "bia@exemplo.com.br" });
  await lookUpDestination(destinationId);
  await confirmDestination(owner, { storeId, destinationId });
  await sql`UPDATE payout_destinations SET usable_at = now() WHERE id = ${destinationId}`;

  // Two codes are paid while a payout is asked for, and a third while its dollars lie at the partner.
  const pixIds = [await openPix(shop, await makeCharge(shop)), await openPix(shop, await makeCharge(shop, 5_000n)), await openPix(shop, await makeCharge(shop, 7_700n))];
  const { quote, signed } = await quotePayout(owner, { storeId, to: { kind: "saved", destinationId }, way: "cash_out", amount: { currency: "USD", text: "10,00" }, chainId: null });
  await Promise.all([priceDollars(must(quote.priceId)), payAtBank(must(pixIds[0]), "exact", "paid"), payAtBank(must(pixIds[1]), "exact", "paid")]);
  const { payoutId } = await requestPayout(owner, { storeId, key: newId(), quote: signed });
  await world.follow();
  await Promise.all([...pixIds.slice(0, 2).map((pixId) => linkTillPix(pixId)), advancePayout(payoutId)]);
  await world.settle();
  await payAtBank(must(pixIds[2]), "exact", "paid");
  await expect
    .poll(
      async () => {
        await world.settle();
        for (const pixId of pixIds) {
          await syncTillPix(pixId);
          await linkTillPix(pixId);
        }
        await advancePayout(payoutId);
        return [...(await Promise.all(pixIds.map(async (pixId) => (await saleOf(pixId))?.status))), (await sql<{ state: string }[]>`SELECT state FROM payouts WHERE id = ${payoutId}`)[0]?.state];
      },
      { timeout: 40_000, interval: 100 },
    )
    .toEqual(["confirmed", "confirmed", "confirmed", "completed"]);

  const ledger = ledgerOf(avenia.sandbox.world);
  const [payout] = await sql<{ funded: string; hash: string }[]>`SELECT p.funded_usd::text AS funded, t.tx_hash AS hash FROM payouts p JOIN transactions t ON t.id = p.transaction_id WHERE p.id = ${payoutId}`;
  const funded = usdMicrosFromDecimal(must(payout).funded);
  // What came to the deposit address is the payout's, to the micro-dollar, and all of it was paid out.
  expect(await usdcOf(account.depositAddress as Address)).toBe(funded);
  expect(ledger).toMatchObject({ isConserved: true, creditedUsdMicros: funded.toString(), paidOutUsdMicros: funded.toString(), balancesUsdMicros: "0" });
  // Each sale is what its own code brought, straight to the store's account.
  let minted = 0n;
  for (const pixId of pixIds) {
    const [ticket] = ticketsOf(avenia, pixId);
    const pix = await pixRow(pixId);
    minted += BigInt(must(ticket).outputUnits);
    expect(must(ticket)).toMatchObject({ subAccountId: account.accountId, walletAddress: must(row).address });
    expect(usdMicrosFromDecimal(must(pix.arrived_usd ?? undefined))).toBe(BigInt(must(ticket).outputUnits));
    // Neither side takes the other's transaction for its own.
    expect(await payoutProvider("avenia").isCredited(account.accountId, { txHash: must(pix.tx_hash ?? undefined), amountUsdMicros: BigInt(must(ticket).outputUnits) })).toBe(false);
    expect(pix.tx_hash).not.toBe(must(payout).hash);
  }
  expect(await payoutProvider("avenia").isCredited(account.accountId, { txHash: must(payout).hash, amountUsdMicros: funded })).toBe(true);
  // Nothing is anywhere else: revnets, the store's account and the partner hold what came, and no more.
  expect((await usdcOf(JUICEBOX.multiTerminal)) - terminal + (await usdcOf(must(row).address)) - inStore + funded).toBe(minted);

  // No deposit of a till is a stray one: not after it, and not while the partner turns it into dollars.
  const unmatched = async () => {
    await sql`UPDATE payout_accounts SET checked_at = NULL WHERE store_id = ${storeId}`;
    await reconcileAccounts();
    return (await sql<{ usd: string; is_checked: boolean }[]>`SELECT unmatched_usd::text AS usd, checked_at IS NOT NULL AS is_checked FROM payout_accounts WHERE store_id = ${storeId}`)[0];
  };
  expect(await unmatched()).toEqual({ usd: "0.000000", is_checked: true });
  const held = await openPix(shop, await makeCharge(shop));
  await payAtBank(held, "held", "held");
  expect(await unmatched()).toEqual({ usd: "0.000000", is_checked: false });
});
