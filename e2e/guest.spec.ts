import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { Sql } from "postgres";
import { guestMemo, payCalls } from "@/lib/chain/pay";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient, sendAs } from "@/lib/dev/chain/anvil-client";
import { expect, paidCode, stackVariable, test } from "./fixtures";
import { newTestWallet, type TestWallet } from "./test-wallet";

type Store = { storeId: string; shortCode: string; name: string };

/** From the store's link to the page that asks for a wallet. */
async function openPrice(page: Page, store: Store, reais: string): Promise<string> {
  await page.goto(`/p/${store.shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill(reais);
  await page.getByRole("link", { name: "Pagar com minha carteira" }).click();
  await expect(page.getByText("Não precisa de conta")).toBeVisible();
  await expect(page.getByLabel("Valor", { exact: true })).toHaveValue(reais);
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL(/\/w\/[0-9a-f]{32}$/);
  return page.url().slice(-32);
}

const connect = (page: Page, wallet: TestWallet) => page.getByRole("button", { name: wallet.name }).click();
const payButton = (page: Page) => page.getByRole("button", { name: /^Pagar R\$/ });

async function payByWallet(page: Page, store: Store, wallet: TestWallet, reais: string) {
  const reference = await openPrice(page, store, reais);
  await connect(page, wallet);
  await payButton(page).click();
  return { reference, code: await paidCode(page) };
}

async function openTill(browser: Browser, options: { baseURL: string | undefined; viewport: { width: number; height: number } | null }, signIn: (context: BrowserContext) => Promise<unknown>, store: Store): Promise<Page> {
  const context = await browser.newContext({ baseURL: options.baseURL ?? "", locale: "pt-BR", viewport: options.viewport });
  await signIn(context);
  const till = await context.newPage();
  await till.goto(`/stores/${store.storeId}/till`);
  await expect(till.getByText("Vendas de hoje").first()).toBeVisible();
  return till;
}

/** A payment past every page: straight to the store's terminal. */
async function payByHand(db: Sql, wallet: TestWallet, store: Store, { amountUsdMicros, memo, chainId = "84532" }: { amountUsdMicros: bigint; memo: string; chainId?: ChainId }) {
  const [row] = await db<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = ${chainId}`;
  const client = anvilClient(chainId, stackVariable(`RPC_URL_${chainId}`));
  for (const call of payCalls({ chainId, projectId: row!.project_id, amountUsdMicros, beneficiary: wallet.address, memo, minReturnedUnits: 0n })) await sendAs(client, wallet.address, call);
}

const dueOf = async (db: Sql, reference: string) => BigInt((await db<{ due: string }[]>`SELECT (amount_usd * 1000000)::bigint::text AS due FROM guest_payments WHERE reference = ${reference}`)[0]!.due);

test("a wallet pays without an account on either chain, with two confirmations or one, and the till shows the same code", async ({ browser, baseURL, viewport, samplePerson, sampleStore, signInAs }) => {
  const till = await openTill(browser, { baseURL, viewport }, async (context) => signInAs(context, await samplePerson("staff")), sampleStore);
  for (const [chainId, canBatch] of [["84532", false], ["11155420", true]] as const) {
    const wallet = await newTestWallet({ dollars: 40, chains: [chainId], canBatch, name: `Carteira ${chainId}` });
    await wallet.fund({});
    const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
    await wallet.install(context);
    const page = await context.newPage();
    const { reference, code } = await payByWallet(page, sampleStore, wallet, "11,00");
    await expect(page.getByText("Você ganhou").first()).toBeVisible();
    await expect(till.getByTestId("till-paid").filter({ hasText: code })).toBeVisible();
    await till.getByRole("button", { name: "Próxima venda" }).click();
    expect(wallet.asked.filter((method) => method === "wallet_sendCalls" || method === "eth_sendTransaction")).toEqual(canBatch ? ["wallet_sendCalls"] : ["eth_sendTransaction", "eth_sendTransaction"]);

    // A reload shows the same; the receipt carries the code; whoever has the address alone sees no code.
    await page.reload();
    expect(await paidCode(page)).toBe(code);
    await page.getByRole("link", { name: "Comprovante" }).click();
    await expect(page.getByTestId("receipt-code")).toHaveText(code);
    const stranger = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
    const seen = await stranger.newPage();
    await seen.goto(`/w/${reference}`);
    await expect(seen.getByText("O código aparece só no navegador que pagou.")).toBeVisible();
    await expect(seen.getByText(`Pago por ${wallet.address.slice(0, 6)}…${wallet.address.slice(-4)}`)).toBeVisible();
    expect(await seen.content()).not.toContain(code);
    await Promise.all([context.close(), stranger.close()]);
  }
  await till.context().close();
});

test("two tabs of one wallet that pay the same amount at once never swap", async ({ context, db, sampleStore }) => {
  const wallet = await newTestWallet({ dollars: 60 });
  await wallet.install(context);
  const tabs = [await context.newPage(), await context.newPage()];
  const references: string[] = [];
  for (const tab of tabs) references.push(await openPrice(tab, sampleStore, "9,00"));
  await connect(tabs[0]!, wallet);
  // The wallet tells its other tabs that it is connected.
  await tabs[1]!.bringToFront();
  await expect(payButton(tabs[1]!)).toBeVisible();
  await tabs[0]!.bringToFront();
  await payButton(tabs[0]!).click();
  // Both pay the terminal from one wallet: the second one's release comes after the first one's payment used its own up.
  await tabs[1]!.bringToFront();
  await payButton(tabs[1]!).click();
  const codes = [];
  for (const tab of tabs) {
    await tab.bringToFront();
    codes.push(await paidCode(tab));
  }
  expect(new Set(codes).size).toBe(2);
  for (const [index, reference] of references.entries()) {
    const rows = await db<{ outcome: string; code: string }[]>`
      SELECT o.outcome, t.confirmation_code AS code FROM outside_payments o JOIN transactions t ON t.id = o.transaction_id JOIN guest_payments g ON g.id = o.guest_payment_id WHERE g.reference = ${reference}`;
    expect(rows).toEqual([{ outcome: "paid", code: codes[index] }]);
  }
});

test("a tab that is closed after signing changes nothing: the till turns green, and the page reopened shows the code", async ({ browser, baseURL, viewport, context, samplePerson, sampleStore, signInAs }) => {
  const till = await openTill(browser, { baseURL, viewport }, async (own) => signInAs(own, await samplePerson("owner")), sampleStore);
  const wallet = await newTestWallet({ dollars: 30 });
  await wallet.install(context);
  const page = await context.newPage();
  // No report of the wallet's transaction leaves the browser.
  await page.route("**/w/**", (route) => (wallet.sent.length > 1 && route.request().method() === "POST" ? route.abort() : route.continue()));
  const reference = await openPrice(page, sampleStore, "8,00");
  await connect(page, wallet);
  await payButton(page).click();
  await expect.poll(() => wallet.sent.length).toBe(2);
  await page.close();
  await expect(till.getByTestId("till-paid")).toBeVisible();
  const again = await context.newPage();
  await again.goto(`/w/${reference}`);
  const code = await paidCode(again);
  await expect(till.getByTestId("till-paid").filter({ hasText: code })).toBeVisible();
  await till.context().close();
});

test("a no in the wallet loses nothing, a double tap asks once, and too little is said before", async ({ context, sampleStore }) => {
  const poor = await newTestWallet({ name: "Carteira vazia" });
  const wallet = await newTestWallet({ dollars: 30, chains: ["84532"] });
  await poor.install(context);
  await wallet.install(context);
  const page = await context.newPage();
  await openPrice(page, sampleStore, "7,00");
  await connect(page, poor);
  await expect(page.getByText("Esta carteira não tem")).toBeVisible();
  await page.getByRole("button", { name: "Trocar de carteira" }).click();
  await connect(page, wallet);
  await expect(page.getByRole("radio", { name: "Base Sepolia" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "Optimism Sepolia" })).toBeDisabled();
  wallet.isRejecting = true;
  await payButton(page).click();
  await expect(page.getByText("Você recusou na carteira. Nada foi feito.")).toBeVisible();
  wallet.isRejecting = false;
  await payButton(page).dblclick();
  await paidCode(page);
  expect(wallet.sent).toHaveLength(2);
});

test("a price that ended says so and leads to the present one; a reload while the wallet may have been asked says so, too", async ({ context, db, sampleStore }) => {
  const wallet = await newTestWallet({ dollars: 30 });
  await wallet.install(context);
  const page = await context.newPage();
  const reference = await openPrice(page, sampleStore, "6,00");
  await connect(page, wallet);
  await page.evaluate((key) => localStorage.setItem(`cocopay.asked:${key}`, "1"), reference);
  await page.reload();
  await expect(page.getByText("Sua carteira já recebeu este pedido.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Pedir de novo à carteira" })).toBeVisible();
  await db`UPDATE guest_payments SET expires_at = now() - interval '3 minutes' WHERE reference = ${reference}`;
  await expect(page.getByRole("heading", { name: "Este preço terminou" })).toBeVisible();
  await page.getByRole("link", { name: "Ver o preço de agora" }).click();
  await expect(page.getByLabel("Valor", { exact: true })).toHaveValue("6,00");
});

test("paid twice by hand, too little, and from outside are named at the till without a sound; the owner sends one back, staff cannot", async ({ browser, baseURL, viewport, context, db, page: ownerPage, samplePerson, sampleStore, signInAs }) => {
  const wallet = await newTestWallet({ dollars: 90, chains: ["84532"] });
  const guests = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await wallet.install(guests);
  const guest = await guests.newPage();
  const { reference, code } = await payByWallet(guest, sampleStore, wallet, "5,50");
  const due = await dueOf(db, reference);

  const till = await openTill(browser, { baseURL, viewport }, async (own) => signInAs(own, await samplePerson("staff")), sampleStore);
  await payByHand(db, wallet, sampleStore, { amountUsdMicros: due, memo: guestMemo(reference) });
  await payByHand(db, wallet, sampleStore, { amountUsdMicros: due - 10_000n, memo: "" });
  await expect(till.getByText("Pago duas vezes").first()).toBeVisible();
  await expect(till.getByText("De fora").first()).toBeVisible();
  await expect(till.getByTestId("till-paid")).toHaveCount(0);
  await expect(till.getByRole("button", { name: "Devolver" })).toHaveCount(0);
  // The one who paid is told, and keeps the code.
  await expect(guest.getByText("Pago duas vezes").first()).toBeVisible();
  expect(await paidCode(guest)).toBe(code);

  await signInAs(context, await samplePerson("owner"));
  await ownerPage.goto(`/stores/${sampleStore.storeId}/payments`);
  await ownerPage.getByRole("row").filter({ hasText: "Pago duas vezes" }).first().getByRole("link").click();
  await expect(ownerPage.getByText("O cliente já tinha pago este preço.")).toBeVisible();
  await expect(ownerPage.getByText("Fica com quem pagou, em recompensas")).toBeVisible();
  expect(await axe(ownerPage)).toEqual([]);
  await ownerPage.getByRole("button", { name: /^Devolver US\$/ }).click();
  await expect(ownerPage.getByRole("heading", { name: "Pago duas vezes · Devolvido" })).toBeVisible({ timeout: 30_000 });
  await ownerPage.goto(`/stores/${sampleStore.storeId}/payments?state=refunded`);
  await expect(ownerPage.getByRole("row").filter({ hasText: "Pago duas vezes · Devolvido" }).first()).toBeVisible();
  await expect(guest.getByText("A loja devolveu à carteira que pagou.")).toBeVisible({ timeout: 20_000 });
  await Promise.all([guests.close(), till.context().close()]);
});

async function axe(page: Page): Promise<string[]> {
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" } as { colorScheme: "light" | "dark" });
    test("every state of a wallet's page is accessible", async ({ context, sampleStore }) => {
      const wallet = await newTestWallet({ dollars: 30, chains: ["84532"] });
      await wallet.install(context);
      const page = await context.newPage();
      await page.goto(`/p/${sampleStore.shortCode}/wallet`);
      expect(await axe(page)).toEqual([]);
      await openPrice(page, sampleStore, "4,00");
      await expect(page.getByRole("button", { name: wallet.name })).toBeVisible();
      expect(await axe(page)).toEqual([]);
      await connect(page, wallet);
      await expect(payButton(page)).toBeVisible();
      expect(await axe(page)).toEqual([]);
      await payButton(page).click();
      await paidCode(page);
      expect(await axe(page)).toEqual([]);
      await page.getByRole("link", { name: "Comprovante" }).click();
      await expect(page.getByTestId("receipt-code")).toBeVisible();
      expect(await axe(page)).toEqual([]);
    });
  });
}
