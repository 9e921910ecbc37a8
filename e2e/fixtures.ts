import { createHash, randomInt, randomUUID } from "node:crypto";
import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { encode } from "next-auth/jwt";
import postgres, { type Sql } from "postgres";
import { v7 } from "uuid";
import type { Address } from "viem";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";

export const CHAIN: ChainId = "84532";
const SESSION_SECONDS = 3_600;

export type Person = { userId: string; phone: string; name: string };
export type SampleRole = "owner" | "admin" | "staff";

const SAMPLE_PHONES: Record<SampleRole, string> = { owner: "+5548999990001", admin: "+5548999990002", staff: "+5548999990003" };

/** A variable that the global set-up brings. */
export function stackVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: start the tests with npm run test:e2e`);
  return value;
}

/** A mobile phone of Florianópolis that nobody has yet. */
export const newPhone = () => `+55489${randomInt(80_000_000, 98_999_999)}`;

type Fixtures = {
  db: Sql;
  /** A new person with accounts and, when asked, dollars on the default chain, without walking the pages. */
  newPerson: (options?: { name?: string; dollars?: number }) => Promise<Person>;
  /** Signs a browser in as somebody, without walking the pages. Answers the session's id. */
  signInAs: (context: BrowserContext, person: { userId: string }) => Promise<string>;
  samplePerson: (role: SampleRole) => Promise<Person>;
  sampleStore: { storeId: string; shortCode: string; name: string };
};

export const test = base.extend<Fixtures>({
  db: async ({}, use) => {
    const db = postgres(stackVariable("E2E_DATABASE_URL"), { max: 2, onnotice: () => {} });
    await use(db);
    await db.end();
  },

  newPerson: async ({ db }, use) => {
    await use(async ({ name = "Clara Nunes", dollars = 0 } = {}) => {
      const person = { userId: v7(), phone: newPhone(), name };
      await db`INSERT INTO users (id, phone, phone_verified_at, name, preferred_chain_id, locale) VALUES (${person.userId}, ${person.phone}, now(), ${name}, ${CHAIN}, 'pt-BR')`;
      await db`SELECT enqueue_job('accounts.provision', ${JSON.stringify({ userId: person.userId })}::text::json, ${`accounts.provision:${person.userId}`}, now())`;
      await expect.poll(() => accountOf(db, person.userId), { message: "the worker makes the accounts" }).toBeTruthy();
      if (dollars > 0) await giveDollars(db, person, dollars);
      return person;
    });
  },

  signInAs: async ({ db, baseURL }, use) => {
    await use(async (context, { userId }) => {
      const sessionId = v7();
      const token = await encode({ token: { sub: userId, sid: sessionId }, secret: stackVariable("NEXTAUTH_SECRET"), maxAge: SESSION_SECONDS });
      const hash = createHash("sha256").update(token).digest("hex");
      await db`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${userId}, ${hash}, 'phone', now() + make_interval(secs => ${SESSION_SECONDS}))`;
      await context.addCookies([{ name: "session", value: token, url: baseURL ?? "", httpOnly: true, sameSite: "Lax" }]);
      return sessionId;
    });
  },

  samplePerson: async ({ db }, use) => {
    await use(async (role) => {
      const [row] = await db<Person[]>`SELECT id AS "userId", phone, name FROM users WHERE phone = ${SAMPLE_PHONES[role]}`;
      if (!row) throw new Error(`There is no sample ${role}`);
      return row;
    });
  },

  sampleStore: async ({ db }, use) => {
    const [row] = await db<{ storeId: string; shortCode: string; name: string }[]>`SELECT id AS "storeId", short_code AS "shortCode", name FROM stores WHERE symbol = 'CAFE'`;
    if (!row) throw new Error("There is no sample store");
    await use(row);
  },
});

export { expect } from "@playwright/test";

async function accountOf(db: Sql, userId: string): Promise<string | undefined> {
  const [row] = await db<{ address: string }[]>`
    SELECT a.address FROM smart_accounts a JOIN token_balances b ON b.user_id = a.user_id AND b.chain_id = a.chain_id WHERE a.user_id = ${userId} AND a.chain_id = ${CHAIN}`;
  return row?.address;
}

/** Real test dollars from the faucet, settled by the follower when this resolves. */
export async function giveDollars(db: Sql, { userId }: { userId: string }, dollars: number) {
  const micros = BigInt(dollars) * 1_000_000n;
  const settled = async () => {
    const [row] = await db<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${userId} AND chain_id = ${CHAIN} AND store_id IS NULL`;
    return BigInt(row?.balance ?? 0);
  };
  const before = await settled();
  const client = anvilClient(CHAIN, stackVariable(`RPC_URL_${CHAIN}`));
  await usdcFaucet({ client, chainId: CHAIN, to: (await accountOf(db, userId)) as Address, amountUsdMicros: micros });
  await expect.poll(settled, { message: "the follower settles the dollars" }).toBe(before + micros);
}

/** The last code that the sandbox "sent" to a phone, by the page that outside checks use. */
export async function sentCode(page: Page, phone: string): Promise<string> {
  let code: string | null = null;
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/sandbox/messages?to=${encodeURIComponent(phone)}`);
      const messages = (await answer.json()) as { code: string | null }[];
      code = messages[0]?.code ?? null;
      return code;
    })
    .toMatch(/^\d{6}$/);
  return code ?? "";
}

/** Signs in through the real pages, as a new person would; ends where the sign-in leads. */
export async function signInByPhone(page: Page, phone: string, name = "Clara Nunes") {
  await page.goto("/login");
  await page.getByLabel("Celular", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "Continuar" }).click();
  await typeCode(page, await sentCodeAfterAsking(page, phone));
  await page.waitForURL((url) => url.pathname !== "/login");
  if (new URL(page.url()).pathname !== "/login/name") return;
  await page.getByLabel("Como você se chama?").fill(name);
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

async function sentCodeAfterAsking(page: Page, phone: string): Promise<string> {
  await expect(page.getByRole("heading", { name: "Digite o código" })).toBeVisible();
  return sentCode(page, phone);
}

/** Six digits; the form sends itself when they are complete. */
export async function typeCode(page: Page, code: string) {
  await page.getByLabel("Código", { exact: true }).fill(code);
}

/** From the store's link to the review, with an amount in reais. */
export async function reviewPayment(page: Page, shortCode: string, reais: string) {
  await page.goto(`/p/${shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill(reais);
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(payButton(page)).toBeVisible();
}

/** The review's own: other pages pay in other ways. */
export const payButton = (page: Page) => page.getByRole("button", { name: /^Pagar (R|US)\$/ });

/** Waits for the paid moment and answers the confirmation code. */
export async function paidCode(page: Page): Promise<string> {
  await expect(page.getByRole("heading", { name: "Pago", exact: true })).toBeVisible({ timeout: 30_000 });
  const code = await page.getByTestId("confirmation-code").innerText();
  expect(code.replace(/\s/g, "")).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
  return code.replace(/\s/g, "");
}

/** A payment through the real pages. */
export async function pay(page: Page, shortCode: string, reais: string): Promise<string> {
  await reviewPayment(page, shortCode, reais);
  await payButton(page).click();
  return paidCode(page);
}

/** How many payments of a person exist, by status. */
export async function paymentsOf(db: Sql, userId: string) {
  return db<{ id: string; status: string; code: string; brlCentavos: string }[]>`
    SELECT id, status, confirmation_code AS code, amount_brl_centavos::text AS "brlCentavos" FROM transactions WHERE from_user_id = ${userId} ORDER BY created_at`;
}

export const randomKey = () => randomUUID();
