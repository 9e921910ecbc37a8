import type { BrowserContext, Page } from "@playwright/test";
import type { Sql } from "postgres";
import { expectAccessible } from "./accessible";
import { expect, pay, test } from "./fixtures";

type Person = { userId: string };
type SignInAs = (context: BrowserContext, person: Person) => Promise<string>;

/** A browser of somebody whose passkey was touched a moment ago. */
async function openAs(context: BrowserContext, db: Sql, signInAs: SignInAs, person: Person, { isConfirmed = true } = {}) {
  const sessionId = await signInAs(context, person);
  if (isConfirmed) await touchPasskey(db, sessionId);
  return sessionId;
}

const touchPasskey = (db: Sql, sessionId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE id = ${sessionId}`;

async function saleOf(db: Sql, code: string): Promise<string> {
  const [row] = await db<{ id: string }[]>`SELECT id FROM transactions WHERE confirmation_code = ${code} AND type = 'payment'`;
  if (!row) throw new Error("the sale is missing");
  return row.id;
}

/** From the list by its code to the sale's own page. */
async function findSale(page: Page, storeId: string, code: string) {
  await page.goto(`/stores/${storeId}/payments?q=${code}`);
  const row = page.getByRole("row").filter({ has: page.getByRole("link") }).first();
  await expect(row).toBeVisible();
  await row.getByRole("link").click();
  await expect(page.getByRole("heading", { name: "Venda", exact: true })).toBeVisible();
}

async function refund(page: Page, reais: string, reason: string) {
  await page.getByLabel("Valor a devolver").fill(reais);
  await page.getByLabel("Motivo").fill(reason);
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("heading", { name: "Confira antes de devolver" })).toBeVisible();
}

const refunded = (page: Page, text: string) => page.getByTestId("refund").filter({ hasText: text }).filter({ hasText: "Devolvido" });

test("the owner gives a part back and then the rest, with a second factor; the payer sees both on the purchase", async ({ browser, baseURL, viewport, page, context, db, newPerson, samplePerson, sampleStore, signInAs }) => {
  test.slow();
  const payer = await newPerson({ dollars: 30 });
  const payers = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payers, payer);
  const payerPage = await payers.newPage();
  const code = await pay(payerPage, sampleStore.shortCode, "24,00");
  const sale = await saleOf(db, code);

  const sessionId = await openAs(context, db, signInAs, await samplePerson("owner"), { isConfirmed: false });
  await findSale(page, sampleStore.storeId, code);
  await expect(page.getByLabel("Valor a devolver")).toHaveValue("24,00");
  await expectAccessible(page, "sale");

  // More than was paid, and no reason, are said beside their fields.
  await page.getByLabel("Valor a devolver").fill("24,01");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText("Só é possível devolver até")).toBeVisible();
  await expect(page.getByText("Escreva o motivo.")).toBeVisible();

  await refund(page, "10,00", "Bolo <b>errado</b>");
  await expect(page.getByText("Volta para quem pagou").last()).toBeVisible();
  await expectAccessible(page, "review");
  // Without a passkey's touch nothing moves.
  await page.getByRole("button", { name: /^Devolver R\$/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await db`SELECT 1 FROM refunds WHERE original_transaction_id = ${sale}`).toHaveLength(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await touchPasskey(db, sessionId);
  await page.getByRole("button", { name: /^Devolver R\$/ }).click();
  await expect(refunded(page, "Bolo <b>errado</b>")).toBeVisible({ timeout: 40_000 });

  // The purchase says it, and the refund leads to the purchase.
  await payerPage.goto(`/payments/${sale}`);
  await expect(payerPage.getByText(/A loja devolveu R\$\s10,00 de R\$\s24,00/)).toBeVisible();
  await payerPage.goto("/activity?type=refunds");
  await payerPage.getByRole("link").filter({ hasText: `Estorno, ${sampleStore.name}` }).first().click();
  await payerPage.getByRole("link", { name: "Ver a compra" }).click();
  await expect(payerPage.getByText(/Estornado, de R\$\s24,00/)).toBeVisible();
  await expect(payerPage.getByTestId("receipt-code")).toHaveText(code);
  await payerPage.goto("/");
  await expect(payerPage.getByTestId("notice-refund_paid").first()).toBeVisible({ timeout: 20_000 });

  await refund(page, "14,00", "O resto");
  await page.getByRole("button", { name: /^Devolver R\$/ }).click();
  await expect(refunded(page, "O resto")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Tudo desta venda já foi devolvido")).toBeVisible();
  const [sums] = await db<{ usd: string; paid: string }[]>`
    SELECT (SELECT sum(amount_usd)::text FROM refunds WHERE original_transaction_id = t.id AND status = 'refunded') AS usd, t.amount_usd::text AS paid FROM transactions t WHERE t.id = ${sale}`;
  expect(sums?.usd).toBe(sums?.paid);
  await payerPage.goto(`/payments/${sale}/receipt`);
  await expect(payerPage.getByText("Estornado", { exact: true })).toBeVisible();
  await payers.close();
});

test("an admin gives back within the store's limit and no more", async ({ page, context, browser, baseURL, viewport, db, newPerson, samplePerson, sampleStore, signInAs }) => {
  const payers = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payers, await newPerson({ dollars: 20 }));
  const code = await pay(await payers.newPage(), sampleStore.shortCode, "22,00");
  await payers.close();
  const [before] = await db<{ limit: string | null }[]>`SELECT refund_limit_usd::text AS limit FROM stores WHERE id = ${sampleStore.storeId}`;
  await db`UPDATE stores SET refund_limit_usd = 1 WHERE id = ${sampleStore.storeId}`;
  try {
    await openAs(context, db, signInAs, await samplePerson("admin"));
    await findSale(page, sampleStore.storeId, code);
    await page.getByLabel("Motivo").fill("Trocou o pedido");
    await page.getByRole("button", { name: "Continuar" }).click();
    await expect(page.getByText("passa do seu limite de devolução")).toBeVisible();
    await refund(page, "4,00", "Trocou o pedido");
    await page.getByRole("button", { name: /^Devolver R\$/ }).click();
    await expect(refunded(page, "Trocou o pedido")).toBeVisible({ timeout: 40_000 });
  } finally {
    await db`UPDATE stores SET refund_limit_usd = ${before?.limit ?? null} WHERE id = ${sampleStore.storeId}`;
  }
});

test("staff see today's sale and no way to give it back; an older one is not theirs to see", async ({ page, context, browser, baseURL, viewport, db, newPerson, samplePerson, sampleStore, signInAs }) => {
  const payers = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payers, await newPerson({ dollars: 20 }));
  const code = await pay(await payers.newPage(), sampleStore.shortCode, "7,00");
  await payers.close();
  const sale = await saleOf(db, code);
  await signInAs(context, await samplePerson("staff"));
  await page.goto(`/stores/${sampleStore.storeId}/payments/${sale}`);
  await expect(page.getByText(code)).toBeVisible();
  await expect(page.getByLabel("Valor a devolver")).toHaveCount(0);
  await expectAccessible(page, "sale of today");
  await db`UPDATE transactions SET confirmed_at = now() - interval '3 days' WHERE id = ${sale}`;
  expect((await page.goto(`/stores/${sampleStore.storeId}/payments/${sale}`))?.status()).toBe(403);
  await db`UPDATE transactions SET confirmed_at = now() WHERE id = ${sale}`;
});

test("the list is narrowed by code, amount, day and state, and keeps what was chosen", async ({ page, context, browser, baseURL, viewport, db, newPerson, samplePerson, sampleStore, signInAs }) => {
  const payers = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payers, await newPerson({ dollars: 20 }));
  const code = await pay(await payers.newPage(), sampleStore.shortCode, "7,89");
  await payers.close();
  await openAs(context, db, signInAs, await samplePerson("owner"));
  await page.goto(`/stores/${sampleStore.storeId}/payments`);
  await expect(page.getByText("Líquido")).toBeVisible();
  await page.getByText("Filtrar", { exact: true }).click();
  await page.getByLabel("Valor em reais").fill("7,89");
  await page.getByRole("button", { name: "Aplicar" }).click();
  await expect(page).toHaveURL(/amount=7%2C89/);
  await expect(page.getByRole("row").filter({ hasText: "7,89" }).first()).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "38,50" })).toHaveCount(0);
  await expectAccessible(page, "list with a filter");
  await page.getByLabel("Código").fill(code.slice(0, 4).toLowerCase());
  await page.getByRole("button", { name: "Aplicar" }).click();
  await expect(page.getByRole("row").filter({ hasText: "7,89" }).first()).toBeVisible();
  await page.getByRole("link", { name: "Devolvidos" }).click();
  await expect(page.getByText("Nada encontrado")).toBeVisible();
  await page.getByRole("link", { name: "Limpar" }).click();
  await expect(page).toHaveURL(/\/payments$/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" } as { colorScheme: "light" | "dark" });
    test("list and sale are accessible", async ({ page, context, db, samplePerson, sampleStore, signInAs }) => {
      await openAs(context, db, signInAs, await samplePerson("owner"));
      await page.goto(`/stores/${sampleStore.storeId}/payments`);
      await expectAccessible(page, "list");
      await page.screenshot({ path: test.info().outputPath("list.png"), fullPage: true });
      await page.getByRole("row").filter({ has: page.getByRole("link") }).first().getByRole("link").click();
      await expect(page.getByRole("heading", { name: "Venda", exact: true })).toBeVisible();
      await expectAccessible(page, "sale");
      await page.screenshot({ path: test.info().outputPath("sale.png"), fullPage: true });
    });
  });
}
