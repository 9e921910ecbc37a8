import { randomBytes } from "node:crypto";
import { db, sql } from "@/db/client";
import { storeCodes, stores, users } from "@/db/schema";
import { provisionAccount } from "@/lib/accounts/provision-account";
import type { Address, Hex } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { readHead } from "@/lib/chain/logs";
import { expectedReward } from "@/lib/chain/revnet";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { ensureCursor } from "@/lib/follower/cursor";
import { catchUp, endRefusals } from "@/lib/follower/follow";
import { newId } from "@/lib/ids";
import { OperatorBundler } from "@/lib/operations/bundler-operator";
import { dispatchCall, dispatchOnce, turns } from "@/lib/operations/run-bundler";
import { submitDue } from "@/lib/operations/submit";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { signQuote } from "@/lib/payments/quote";
import { deployStore } from "@/lib/stores/deploy-store";
import { tryLease, type Lease } from "@/lib/worker/lease";
import { makeLiveSession } from "./factories";

/**
 * A chain, its contracts, and a worker taken apart: tests turn each wheel by hand (sign, book, send, mine, follow), so that
 * they can stop between any two.
 */
export type ChainWorld = Awaited<ReturnType<typeof startChainWorld>>;

export async function startChainWorld(chainId: ChainId = "84532", shared?: TestChain) {
  const chain = await startTestChain({ chainId, ...(shared && { paymasterSignerKey: shared.paymasterSignerKey, operatorKeys: shared.operatorKeys }) });
  const follower = must(await tryLease(`follower:${chainId}`));
  const operatorKey = must(chain.operatorKeys[0]);
  const operator = must(await tryLease(`operator:${chainId}`));
  const world = { chain, chainId, follower, operator, operatorKey, bundler: new OperatorBundler({ chainId, operatorKey, lease: operator, stuckMs: 0 }) };
  return {
    ...world,
    /** Everything that waits, until nothing moves any more. */
    settle: () => settle(world),
    follow: () => follow(world),
    sign: () => submitDue(chainId),
    /** One bundle, recorded and sent. */
    bundle: () => dispatchOnce(world.bundler, chainId),
    /** One call of the operators' own, recorded and sent. */
    call: () => dispatchCall(world.bundler),
    tend: () => world.bundler.tend(),
    /** A bundler as a restarted process has it: the same key, nothing in memory. */
    restartBundler: () => (world.bundler = new OperatorBundler({ chainId, operatorKey, lease: operator, stuckMs: 0 })),
    stop: async () => {
      await Promise.all([follower.release(), operator.release()]);
      await chain.stop();
    },
  };
}

type Wheels = { chain: TestChain; chainId: ChainId; follower: Lease; bundler: OperatorBundler };

async function follow({ chainId, follower }: Wheels): Promise<void> {
  await ensureCursor(follower, chainId);
  await catchUp(follower, chainId, await readHead(chainId));
  await endRefusals(follower, chainId);
}

const ROUNDS_MAX = 60;

async function settle(world: Wheels): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await submitDue(world.chainId);
    while (await dispatchOnce(world.bundler, world.chainId)) continue;
    await world.bundler.tend();
    await follow(world);
    const [row] = await sql<{ open: number }[]>`SELECT count(*)::int AS open FROM user_operations WHERE chain_id = ${world.chainId}::chain_id AND status IN ('queued', 'submitted')`;
    if (row?.open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("operations stayed open");
}

export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("expected a value");
  return value;
}

/** The faucet is one account: two transfers at once would take the same nonce. */
const takeFaucet = turns();

/** A person with a real managed account and, on these chains, real dollars that the follower has seen. */
export async function makePayer(worlds: ChainWorld | ChainWorld[], dollarsUsdMicros: bigint) {
  const userId = newId();
  await db.insert(users).values({ id: userId, phone: `+55489${randomBytes(4).readUInt32BE() % 100_000_000}`, name: "Marina", createdAt: new Date(Date.now() - 30 * 86_400_000) });
  await provisionAccount(userId);
  const [account] = await sql<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId} LIMIT 1`;
  const address = must(account).address;
  for (const world of [worlds].flat()) {
    await takeFaucet(async () => {
      if (dollarsUsdMicros > 0n) await usdcFaucet({ client: world.chain.client, chainId: world.chainId, to: address, amountUsdMicros: dollarsUsdMicros });
      await world.follow();
    });
  }
  return { userId, sessionId: await makeLiveSession(userId), ip: null, userAgent: null, address };
}
export type Payer = Awaited<ReturnType<typeof makePayer>>;

export const REWARD_RATE_BPS = 500;

/** A store's row as openStore leaves it; nothing is deployed yet. */
export async function insertStore() {
  const storeId = newId();
  const shortCode = randomBytes(5).toString("hex").toUpperCase();
  const symbol = [...randomBytes(8)].map((byte) => String.fromCharCode(65 + (byte % 26))).join("");
  await db.insert(stores).values({ id: storeId, name: "Café da Praia", symbol, category: "cafe", address: "Barra da Lagoa", shortCode, rewardRateBps: REWARD_RATE_BPS, qrVersion: 1 });
  await db.insert(storeCodes).values({ shortCode, storeId });
  return { storeId, shortCode };
}

/** A store that is deployed on the worlds' chains and has started. */
export async function makeOpenStore(worlds: ChainWorld | ChainWorld[]) {
  const store = await insertStore();
  await deployStore(store.storeId);
  for (const world of [worlds].flat()) {
    await world.settle();
    const [row] = await sql<{ starts_at: Date }[]>`SELECT starts_at FROM stores WHERE id = ${store.storeId}`;
    await warpTo(world.chain.client, must(row).starts_at.getTime() / 1000 + 1);
    await world.follow();
  }
  return store;
}

/** Confirms a payment as the review page does; the operation waits in the outbox afterwards. */
export async function confirm(payer: Payer, store: { storeId: string; shortCode: string }, amountUsdMicros: bigint, { chainId = "84532", key = newId() }: { chainId?: ChainId; key?: string } = {}) {
  const now = new Date();
  const rewardUnits = expectedReward({ amountUsdMicros, rewardRateBps: REWARD_RATE_BPS, startsAt: 1, now: 1 });
  const quote = signQuote({
    payerId: payer.userId, storeId: store.storeId, shortCode: store.shortCode, chainId, currency: "USD", amountUsdMicros, amountBrlCentavos: amountUsdMicros / 2_000n,
    brlPerUsdMicros: 5_500_000n, rateAt: now, parts: [{ kind: "dollars", amountUsdMicros }], choice: { isDollarsOnly: false, offStoreIds: [] }, rewardUnits, expiresAt: new Date(now.getTime() + 60_000),
  });
  const { transactionId } = await confirmPayment(payer, { key, quote });
  return transactionId;
}

export type PaymentState = {
  status: string; operation: string; error_code: string | null; amount_usd: string; tx_hash: Hex | null; block_number: string | null;
  rewards_earned: { amount: string; amount_usd: string; token_address: string; store_id: string; expected?: true } | null; user_op_hash: string | null; reserved: string;
};

/** What the database says of a payment now. */
export async function paymentOf(transactionId: string): Promise<PaymentState> {
  const [row] = await sql<PaymentState[]>`
    SELECT t.status, o.status AS operation, t.error_code, t.amount_usd::text, t.tx_hash, t.block_number::text, t.rewards_earned, o.user_op_hash,
           COALESCE((SELECT sum(amount) FROM balance_reservations r WHERE r.operation_id = o.id AND r.released_at IS NULL), 0)::text AS reserved
    FROM transactions t JOIN user_operations o ON o.id = t.id WHERE t.id = ${transactionId}`;
  return must(row);
}

/** A person's settled and available dollars on a chain, micro-dollars. */
export async function dollarsOf(userId: string, chainId: ChainId = "84532") {
  const [row] = await sql<{ settled: string; available: string }[]>`
    SELECT b.balance::text AS settled,
           (b.balance - COALESCE((SELECT sum(amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0))::text AS available
    FROM token_balances b WHERE b.user_id = ${userId} AND b.chain_id = ${chainId}::chain_id AND b.store_id IS NULL`;
  return { settled: BigInt(must(row).settled), available: BigInt(must(row).available) };
}

export const eventsOf = async (transactionId: string) => (await sql<{ kind: string }[]>`SELECT kind FROM store_events WHERE transaction_id = ${transactionId} ORDER BY id`).map(({ kind }) => kind);
