import { and, eq, inArray, sql } from "drizzle-orm";
import type { Address } from "viem";
import { closeDatabase, db } from "@/db/client";
import { featureFlags, sandboxMessages, sessions, smartAccounts, storeDeployments, storeMembers, tokenBalances, transactions, users } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { sendSignInCode } from "@/lib/auth/send-sign-in-code";
import { verifySignInCode } from "@/lib/auth/verify-sign-in-code";
import { isAccountReady } from "@/lib/accounts/queries";
import type { ChainId } from "@/lib/chain/chains";
import { chainVariable, env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { confirmPayment, findByKey } from "@/lib/payments/confirm-payment";
import { quotePayment } from "@/lib/payments/quote-payment";
import { codeIn } from "@/lib/sandbox/rules";
import { openStore, type OpenedStore } from "@/lib/stores/open-store";
import { anvilClient, warpTo } from "./chain/anvil-client";
import { usdcFaucet } from "./chain/usdc-faucet";
import { SAMPLE_DOLLARS, SAMPLE_PAYMENTS, SAMPLE_PEOPLE, SAMPLE_STORES } from "./samples";

/**
 * Fills a new local stack as people would: they sign in with sent codes, Marina opens her stores, the worker deploys them, the
 * faucet gives dollars, the customers pay. Only names and the team are written past the use cases. Safe to repeat.
 * Runs as a process of its own, with the web process's rights, while the worker runs.
 */
async function seed() {
  const actors: Actor[] = [];
  for (const person of SAMPLE_PEOPLE) actors.push(await signIn(person));
  const owner = at(actors, 0);
  const stores: OpenedStore[] = [];
  for (const { latitude, longitude, rewardRateBps, ...store } of SAMPLE_STORES) {
    stores.push(await openStore(owner, { ...store, latitude, longitude, rewardRateBps: String(rewardRateBps), timeZone: "America/Sao_Paulo" }));
  }
  await joinTeam(stores, actors);
  await db.update(featureFlags).set({ enabled: true }).where(eq(featureFlags.name, "till_pix"));
  const customers = SAMPLE_PEOPLE.flatMap(({ role }, index) => (role === "customer" ? [at(actors, index)] : []));
  await Promise.all([...customers.map(giveDollars), until("the sample stores are deployed", () => areDeployed(stores))]);
  await startChainsToday();
  await Promise.all(SAMPLE_PAYMENTS.map(({ payer, store, ...payment }) => pay(at(actors, payer), at(stores, store), payment)));
  // Nobody ever held the samples' devices: the first real one is their own, and not held back as a new one.
  await db.delete(sessions).where(inArray(sessions.id, actors.map(({ sessionId }) => sessionId)));
}

const POLL_MS = 150;
const WAIT_LIMIT_MS = 90_000;

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  invariant(item !== undefined, `the samples name number ${index}`);
  return item;
}

async function until(what: string, isSo: () => Promise<boolean>) {
  const limit = Date.now() + WAIT_LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`Waited ${WAIT_LIMIT_MS / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function signIn({ phone, name }: { phone: string; name: string }): Promise<Actor> {
  const visitor = { ip: null, userAgent: "samples", deviceId: newId(), locale: "pt-BR" as const };
  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.phone, phone));
  if (known) return { userId: known.id, sessionId: newId(), name, phone, locale: "pt-BR", ip: null, userAgent: visitor.userAgent };
  await sendSignInCode(visitor, { phone });
  const [message] = await db.select({ body: sandboxMessages.body }).from(sandboxMessages).where(eq(sandboxMessages.toPhone, phone)).orderBy(sql`created_at DESC`).limit(1);
  const code = message && codeIn(message.body);
  invariant(code, `no code was sent to ${name}`);
  const { userId, sessionId } = await verifySignInCode(visitor, { phone, code });
  await db.update(users).set({ name }).where(eq(users.id, userId));
  return { userId, sessionId, name, phone, locale: "pt-BR", ip: null, userAgent: visitor.userAgent };
}

async function joinTeam(stores: OpenedStore[], actors: Actor[]) {
  const owner = at(actors, 0);
  for (const { storeId } of stores) {
    for (const [index, { role }] of SAMPLE_PEOPLE.entries()) {
      if (role !== "admin" && role !== "staff") continue;
      await db
        .insert(storeMembers)
        .values({ id: newId(), storeId, userId: at(actors, index).userId, role, invitedBy: owner.userId, acceptedAt: sql`now()` })
        .onConflictDoNothing();
    }
  }
}

async function areDeployed(stores: OpenedStore[]): Promise<boolean> {
  const rows = await db
    .select({ status: storeDeployments.status })
    .from(storeDeployments)
    .where(inArray(storeDeployments.storeId, stores.map(({ storeId }) => storeId)));
  return rows.length === stores.length * env().CHAIN_IDS.length && rows.every(({ status }) => status === "deployed");
}

const clientOf = (chainId: ChainId) => anvilClient(chainId, chainVariable("RPC_URL", chainId));

async function giveDollars({ userId, name }: Actor) {
  await until(`${name} has accounts`, () => isAccountReady(userId));
  const accounts = await db.select({ chainId: smartAccounts.chainId, address: smartAccounts.address }).from(smartAccounts).where(eq(smartAccounts.userId, userId));
  for (const { chainId, address } of accounts) {
    const amountUsdMicros = Object.entries(SAMPLE_DOLLARS).find(([id]) => id === chainId)?.[1];
    const hasMoney = async () => {
      const [row] = await db
        .select({ balance: tokenBalances.balance })
        .from(tokenBalances)
        .where(and(eq(tokenBalances.userId, userId), eq(tokenBalances.chainId, chainId), sql`${tokenBalances.balance} > 0`));
      return row !== undefined;
    };
    if (amountUsdMicros === undefined || (await hasMoney())) continue;
    await usdcFaucet({ client: clientOf(chainId), chainId, to: address as Address, amountUsdMicros });
    await until(`${name}'s dollars have settled`, hasMoney);
  }
}

/** The chains of a new stack begin in the past; the stores' first stages begin a little after. From here on it is today. */
async function startChainsToday() {
  await Promise.all(env().CHAIN_IDS.map((chainId) => warpTo(clientOf(chainId), Math.floor(Date.now() / 1000))));
}

/** So that the rewards are still there to be spent. */
const IN_DOLLARS = { isDollarsOnly: true, offStoreIds: [] };

async function pay(payer: Actor, store: OpenedStore, { key, amountText }: { key: string; amountText: string }) {
  const earlier = await findByKey(payer.userId, key);
  const { transactionId } = earlier ? { transactionId: earlier.id } : await confirmPayment(payer, { key, quote: (await quotePayment(payer, { shortCode: store.shortCode, currency: "BRL", amountText, choice: IN_DOLLARS })).signed });
  await until(`the payment of R$ ${amountText} is confirmed`, async () => {
    const [row] = await db.select({ status: transactions.status }).from(transactions).where(eq(transactions.id, transactionId));
    invariant(row?.status !== "failed", `the sample payment of R$ ${amountText} failed`);
    return row?.status === "confirmed";
  });
}

try {
  await seed();
} finally {
  await closeDatabase();
}
