import "server-only";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { referenceOfMemo } from "@/lib/chain/pay";
import { issuedUnits, rewardValueUsdMicros } from "@/lib/chain/revnet";
import { outcomeOf, type OutsideOutcome } from "@/lib/guests/rules";
import { newId } from "@/lib/ids";
import { brlCentavosFromUsd, decimalFromUsdMicros, usdMicrosFromDecimal } from "@/lib/money";
import { PAYMENT_USD_MICROS_MIN } from "@/lib/limits/rules";
import type { SqlTx } from "@/lib/worker/lease";
import type { PayFact, RangeFacts, Touched } from "./facts";
import type { SettledOperation } from "./settle-operations";
import type { PaidEvent } from "./store-events";

/** A page's charge: whether another payment took it, and what of the page's price is a tip. */
type ChargeOfPage = { id: string; tip_usd: string; tip_brl_centavos: string; is_cancelled: boolean; is_taken: boolean };
type Store = { store_id: string; project_id: number; token_address: string; starts_at: Date; surplus: string | null; supply: string | null };
type Page = { id: string; reference: string; store_id: string; amount_usd: string; amount_brl_centavos: string; brl_per_usd: string; rate_at: Date; expires_at: Date; user_id: string | null; charge: ChargeOfPage | null; is_paid: boolean };
type Known = { id: string; transaction_id: string; tx_hash: string };
type Rate = { brl_per_usd: string; quoted_at: Date };
type Judged = {
  pay: PayFact; store: Store; page: Page | null; outcome: OutsideOutcome; personId: string | null;
  id: string; transactionId: string;
};

/**
 * Writes down the payments to our stores that no operation of ours made: a wallet on our page, or money from outside. The store's own Pay
 * event at our terminal says everything; of what browsers reported nothing is asked. Each becomes a payment of the store and says what it
 * is (guests/rules.ts, outcomeOf). One that a reorg had taken back comes back under its own id and code, judged anew.
 * Costs nothing while there are none.
 */
export async function settleOutside(tx: SqlTx, { chainId, pays }: RangeFacts, settled: readonly SettledOperation[], touched: Touched): Promise<PaidEvent[]> {
  const own = new Set(settled.map(({ fact }) => `${fact.txHash} ${fact.sender}`));
  // Less than a cent is on no screen of ours and no price of ours: nobody fills a till's list for nothing.
  const others = pays.filter((pay) => pay.amountUsdMicros >= PAYMENT_USD_MICROS_MIN && !own.has(`${pay.txHash} ${pay.payer}`));
  if (others.length === 0) return [];

  const stores = new Map((await storesOf(tx, chainId, others)).map((store) => [store.project_id, store]));
  const events = others.filter(({ projectId }) => stores.has(projectId));
  if (events.length === 0) return [];
  const pages = new Map((await lockPages(tx, events)).map((page) => [page.reference, page]));
  const known = await knownEvents(tx, chainId, events);
  const personOf = await peopleBehind(tx, chainId, events);
  const [rate] = await tx<Rate[]>`SELECT brl_per_usd::text, quoted_at FROM exchange_rates ORDER BY quoted_at DESC LIMIT 1`;

  const judged = events.flatMap((pay): Judged[] => {
    const store = stores.get(pay.projectId);
    if (!store) return [];
    const page = pages.get(referenceOfMemo(pay.memo) ?? "") ?? null;
    const priced = page && { storeId: page.store_id, amountUsdMicros: usdMicrosFromDecimal(page.amount_usd), expiresAt: page.expires_at, charge: page.charge && { isTaken: page.charge.is_taken, isCancelled: page.charge.is_cancelled } };
    const outcome = outcomeOf({ storeId: store.store_id, amountUsdMicros: pay.amountUsdMicros, minedAt: pay.minedAt }, priced, page?.is_paid ?? false);
    if (page && outcome === "paid") {
      page.is_paid = true;
      // Another page of the same charge, in this very range, comes second.
      for (const twin of pages.values()) if (page.charge && twin.charge?.id === page.charge.id) twin.charge.is_taken = true;
    }
    const before = known.get(pay.txHash)?.shift();
    return [{ pay, store, page: outcome === "outside" ? null : page, outcome, personId: personOf(pay, page), id: before?.id ?? newId(), transactionId: before?.transaction_id ?? newId() }];
  });
  for (const { store, personId } of judged) {
    touched.storeIds.add(store.store_id);
    if (personId) touched.userIds.add(personId);
  }
  await writeTransactions(tx, chainId, judged, rate);
  await writeEvents(tx, chainId, judged);
  await closePages(tx, chainId, judged);
  await settleCharges(tx, judged);
  return judged.map(({ transactionId, store, pay, outcome }) => ({ transactionId, storeId: store.store_id, block: pay.blockNumber, kind: outcome === "paid" ? "paid" : "outside" }));
}

const referencesOf = (pays: readonly PayFact[]): string[] => [...new Set(pays.flatMap(({ memo }) => referenceOfMemo(memo) ?? []))];

/**
 * Locks the charges that wallets pay in a range, before anything else of it: whoever pays a charge from an account locks it first and balances after it.
 * Costs nothing while there are none.
 */
export async function lockCharges(tx: SqlTx, { pays }: Pick<RangeFacts, "pays">) {
  const references = referencesOf(pays);
  if (references.length === 0) return;
  await tx`SELECT c.id FROM charges c WHERE c.id IN (SELECT g.charge_id FROM guest_payments g WHERE g.reference = ANY (${references}::text[])) ORDER BY c.id FOR NO KEY UPDATE`;
}

const storesOf = (tx: SqlTx, chainId: ChainId, pays: readonly PayFact[]) => tx<Store[]>`
  SELECT d.store_id, d.project_id, d.token_address, s.starts_at, v.surplus_usd_micros::text AS surplus, v.supply::text AS supply
  FROM store_deployments d
  JOIN stores s ON s.id = d.store_id
  LEFT JOIN revnet_states v ON v.store_id = d.store_id AND v.chain_id = d.chain_id
  WHERE d.chain_id = ${chainId}::chain_id AND d.project_id = ANY (${[...new Set(pays.map(({ projectId }) => projectId))]}::integer[])
    AND d.terminal_address = ${JUICEBOX.multiTerminal}`;

/** Two chains may pay one page in the same moment: the lock lets one of them be first. */
async function lockPages(tx: SqlTx, pays: readonly PayFact[]): Promise<Page[]> {
  const references = referencesOf(pays);
  if (references.length === 0) return [];
  // A charge that a reorg's payment held is anybody's who comes on the chain.
  const pages = await tx<Omit<Page, "is_paid">[]>`
    SELECT g.id, g.reference, g.store_id, g.amount_usd::text, g.amount_brl_centavos::text, g.brl_per_usd::text, g.rate_at, g.expires_at, g.user_id,
      CASE WHEN g.charge_id IS NOT NULL THEN (
        SELECT json_build_object('id', c.id, 'tip_usd', g.tip_usd::text, 'tip_brl_centavos', g.tip_brl_centavos::text, 'is_cancelled', c.cancelled_at IS NOT NULL, 'is_taken', EXISTS (
          SELECT FROM transactions t WHERE t.id = c.transaction_id AND t.status <> 'failed'
            AND NOT EXISTS (SELECT FROM outside_payments o WHERE o.transaction_id = t.id AND o.block_number IS NULL)))
        FROM charges c WHERE c.id = g.charge_id) END AS charge
    FROM guest_payments g WHERE g.reference = ANY (${references}::text[]) ORDER BY g.id FOR NO KEY UPDATE OF g`;
  const paid = await tx<{ guest_payment_id: string }[]>`
    SELECT guest_payment_id FROM outside_payments WHERE guest_payment_id = ANY (${pages.map(({ id }) => id)}::uuid[]) AND outcome = 'paid' AND block_number IS NOT NULL`;
  const isPaid = new Set(paid.map((row) => row.guest_payment_id));
  return pages.map((page) => ({ ...page, is_paid: isPaid.has(page.id) }));
}

/** What a reorg took back of the same transactions, in the order in which it had happened (their ids are ordered by time). */
async function knownEvents(tx: SqlTx, chainId: ChainId, pays: readonly PayFact[]): Promise<Map<string, Known[]>> {
  const rows = await tx<Known[]>`
    SELECT id, transaction_id, tx_hash FROM outside_payments
    WHERE chain_id = ${chainId}::chain_id AND tx_hash = ANY (${pays.map(({ txHash }) => txHash)}::text[]) AND block_number IS NULL ORDER BY id FOR NO KEY UPDATE`;
  const ofTransaction = new Map<string, Known[]>();
  for (const row of rows) ofTransaction.set(row.tx_hash, [...(ofTransaction.get(row.tx_hash) ?? []), row]);
  return ofTransaction;
}

/**
 * Who paid, as far as it is proven: whoever linked the wallet, whose account it is (an own operation past us), or who opened the page signed
 * in and got the rewards into the own account.
 */
async function peopleBehind(tx: SqlTx, chainId: ChainId, pays: readonly PayFact[]): Promise<(pay: PayFact, page: Page | null) => string | null> {
  const addresses = [...new Set(pays.flatMap(({ payer, beneficiary }) => [payer, beneficiary]))];
  const rows = await tx<{ address: string; user_id: string; is_wallet: boolean }[]>`
    SELECT address, user_id, TRUE AS is_wallet FROM wallets WHERE address = ANY (${addresses}::text[])
    UNION ALL
    SELECT address, user_id, FALSE FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND address = ANY (${addresses}::text[])`;
  const wallets = new Map(rows.filter((row) => row.is_wallet).map((row) => [row.address, row.user_id]));
  const accounts = new Map(rows.filter((row) => !row.is_wallet).map((row) => [row.address, row.user_id]));
  return (pay, page) => {
    const earner = accounts.get(pay.beneficiary);
    return wallets.get(pay.payer) ?? accounts.get(pay.payer) ?? (earner !== undefined && page?.user_id === earner ? earner : null);
  };
}

/** The page's own reais for its own price; any other amount in reais of the page's rate, or of the present one. */
function priceOf({ pay, page }: Judged, rate: Rate | undefined) {
  if (page && usdMicrosFromDecimal(page.amount_usd) === pay.amountUsdMicros) return { brl: page.amount_brl_centavos, rate: page.brl_per_usd, at: page.rate_at };
  const used = page ? { brl_per_usd: page.brl_per_usd, quoted_at: page.rate_at } : rate;
  if (!used) return { brl: null, rate: null, at: null };
  return { brl: brlCentavosFromUsd(pay.amountUsdMicros, usdMicrosFromDecimal(used.brl_per_usd)).toString(), rate: used.brl_per_usd, at: used.quoted_at };
}

async function writeTransactions(tx: SqlTx, chainId: ChainId, judged: readonly Judged[], rate: Rate | undefined) {
  const rows = judged.map((one) => {
    const { pay, store } = one;
    const usd = decimalFromUsdMicros(pay.amountUsdMicros);
    const value = rewardValueUsdMicros({ units: pay.rewardUnits, surplusUsdMicros: BigInt(store.surplus ?? 0), supplyUnits: BigInt(store.supply ?? 0) });
    return {
      ...one,
      usd,
      price: priceOf(one, rate),
      parts: JSON.stringify([{ token_address: USDC[chainId], amount: pay.amountUsdMicros.toString(), amount_usd: usd, store_id: null }]),
      reward: JSON.stringify({ token_address: store.token_address, amount: pay.rewardUnits.toString(), amount_usd: decimalFromUsdMicros(value), store_id: store.store_id }),
    };
  });
  // Only what the page asked for gets a code: a code at the till always means "this is paid".
  await tx`
    INSERT INTO transactions (
      id, from_user_id, store_id, type, status, amount_usd, tokens_used, rewards_earned, chain_id, tx_hash, block_number, block_hash, confirmation_code, confirmed_at,
      amount_brl_centavos, brl_per_usd, rate_at, origin, payer_address, charge_id, tip_usd, tip_brl_centavos)
    SELECT paid.id, paid.person, paid.store_id, 'payment', 'confirmed', paid.usd, paid.parts, paid.reward, ${chainId}::chain_id, paid.tx_hash, paid.block_number, paid.block_hash,
      CASE WHEN paid.outcome = 'paid' THEN (
        SELECT drawn.code FROM (SELECT generate_confirmation_code() AS code FROM generate_series(1, 8)) AS drawn
        WHERE NOT EXISTS (SELECT 1 FROM transactions t WHERE t.store_id = paid.store_id AND t.confirmation_code = drawn.code) LIMIT 1) END,
      now(), paid.brl, paid.rate, paid.rate_at, CASE WHEN paid.outcome = 'outside' THEN 'outside' ELSE 'guest' END, paid.payer,
      paid.charge, paid.tip_usd, paid.tip_brl
    FROM unnest(
      ${rows.map((row) => row.transactionId)}::uuid[], ${rows.map((row) => row.personId)}::uuid[], ${rows.map((row) => row.store.store_id)}::uuid[], ${rows.map((row) => row.usd)}::numeric[],
      ${rows.map((row) => row.parts)}::text[]::jsonb[], ${rows.map((row) => row.reward)}::text[]::jsonb[], ${rows.map((row) => row.pay.txHash)}::text[],
      ${rows.map((row) => row.pay.blockNumber.toString())}::bigint[], ${rows.map((row) => row.pay.blockHash)}::text[], ${rows.map((row) => row.outcome)}::text[],
      ${rows.map((row) => row.price.brl)}::bigint[], ${rows.map((row) => row.price.rate)}::numeric[], ${rows.map((row) => row.price.at?.toISOString() ?? null)}::timestamptz[], ${rows.map((row) => row.pay.payer)}::text[],
      ${rows.map((row) => chargeTakenBy(row)?.id ?? null)}::uuid[], ${rows.map((row) => chargeTakenBy(row)?.tip_usd ?? null)}::numeric[], ${rows.map((row) => chargeTakenBy(row)?.tip_brl_centavos ?? null)}::bigint[]
    ) AS paid (id, person, store_id, usd, parts, reward, tx_hash, block_number, block_hash, outcome, brl, rate, rate_at, payer, charge, tip_usd, tip_brl)
    ON CONFLICT (id) DO UPDATE SET
      status = 'confirmed', confirmed_at = now(), rewards_earned = excluded.rewards_earned, tx_hash = excluded.tx_hash, block_number = excluded.block_number,
      block_hash = excluded.block_hash, origin = excluded.origin, confirmation_code = COALESCE(transactions.confirmation_code, excluded.confirmation_code),
      from_user_id = COALESCE(transactions.from_user_id, excluded.from_user_id),
      charge_id = excluded.charge_id, tip_usd = excluded.tip_usd, tip_brl_centavos = excluded.tip_brl_centavos`;
}

/** The charge that a payment took: only the one that its page asked for. */
const chargeTakenBy = ({ page, outcome }: Judged): ChargeOfPage | null => (outcome === "paid" ? (page?.charge ?? null) : null);

/** Ties charges to the payments that took them; what a reorg made something else lets its charge go. */
async function settleCharges(tx: SqlTx, judged: readonly Judged[]) {
  const taken = judged.flatMap((one) => chargeTakenBy(one)?.id ?? []);
  const takers = judged.flatMap((one) => (chargeTakenBy(one) ? [one.transactionId] : []));
  const losers = judged.flatMap((one) => (one.page?.charge && !chargeTakenBy(one) ? [one.transactionId] : []));
  if (taken.length + losers.length > 0) await tx`SELECT guest_charges_settle(${taken}::uuid[], ${takers}::uuid[], ${losers}::uuid[])`;
}

const unixSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

async function writeEvents(tx: SqlTx, chainId: ChainId, judged: readonly Judged[]) {
  const storeUnits = ({ pay, store }: Judged) => {
    const startsAt = unixSeconds(store.starts_at);
    return issuedUnits({ amountUsdMicros: pay.amountUsdMicros, startsAt, now: Math.max(unixSeconds(pay.minedAt), startsAt) }) - pay.rewardUnits;
  };
  await tx`
    INSERT INTO outside_payments (
      id, chain_id, store_id, guest_payment_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, log_index, block_number, block_hash)
    SELECT event.id, ${chainId}::chain_id, event.store_id, event.page_id, event.transaction_id, event.outcome, event.payer, event.beneficiary, event.usd, event.reward_units,
      event.store_units, event.tx_hash, event.log_index, event.block_number, event.block_hash
    FROM unnest(
      ${judged.map(({ id }) => id)}::uuid[], ${judged.map(({ store }) => store.store_id)}::uuid[], ${judged.map(({ page }) => page?.id ?? null)}::uuid[], ${judged.map((one) => one.transactionId)}::uuid[],
      ${judged.map(({ outcome }) => outcome)}::text[], ${judged.map(({ pay }) => pay.payer)}::text[], ${judged.map(({ pay }) => pay.beneficiary)}::text[],
      ${judged.map(({ pay }) => decimalFromUsdMicros(pay.amountUsdMicros))}::numeric[], ${judged.map(({ pay }) => pay.rewardUnits.toString())}::numeric[], ${judged.map((one) => storeUnits(one).toString())}::numeric[],
      ${judged.map(({ pay }) => pay.txHash)}::text[], ${judged.map(({ pay }) => pay.logIndex)}::integer[], ${judged.map(({ pay }) => pay.blockNumber.toString())}::bigint[], ${judged.map(({ pay }) => pay.blockHash)}::text[]
    ) AS event (id, store_id, page_id, transaction_id, outcome, payer, beneficiary, usd, reward_units, store_units, tx_hash, log_index, block_number, block_hash)
    ON CONFLICT (id) DO UPDATE SET
      outcome = excluded.outcome, guest_payment_id = excluded.guest_payment_id, reward_units = excluded.reward_units, store_units = excluded.store_units,
      log_index = excluded.log_index, block_number = excluded.block_number, block_hash = excluded.block_hash`;
}

async function closePages(tx: SqlTx, chainId: ChainId, judged: readonly Judged[]) {
  const paid = judged.flatMap(({ page, pay, outcome }) => (page && outcome === "paid" ? [{ id: page.id, payer: pay.payer, txHash: pay.txHash }] : []));
  if (paid.length === 0) return;
  await tx`
    UPDATE guest_payments g SET status = 'paid', chain_id = ${chainId}::chain_id, payer = paid.payer, reported_tx_hash = paid.tx_hash, failure = NULL
    FROM unnest(${paid.map(({ id }) => id)}::uuid[], ${paid.map(({ payer }) => payer)}::text[], ${paid.map(({ txHash }) => txHash)}::text[]) AS paid (id, payer, tx_hash)
    WHERE g.id = paid.id`;
}

/** Takes back what stood above the ancestor; the rows wait for their transactions to be mined again. Returns the payments' ids. */
export async function reopenOutside(tx: SqlTx, chainId: ChainId, above: string): Promise<string[]> {
  const rows = await tx<{ transaction_id: string; guest_payment_id: string | null; outcome: OutsideOutcome }[]>`
    UPDATE outside_payments SET log_index = NULL, block_number = NULL, block_hash = NULL
    WHERE chain_id = ${chainId}::chain_id AND block_number > ${above}::bigint
    RETURNING transaction_id, guest_payment_id, outcome`;
  const pages = rows.flatMap((row) => (row.outcome === "paid" && row.guest_payment_id ? [row.guest_payment_id] : []));
  if (pages.length > 0) await tx`UPDATE guest_payments SET status = 'checking' WHERE id = ANY (${pages}::uuid[])`;
  return rows.map((row) => row.transaction_id);
}
