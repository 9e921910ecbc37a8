import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { makeStoreDays } from "./store-days";

const shot = async (page: Page, name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
};
/** A figure by its name, in a description list. */
const figure = (page: Page, name: string) => page.locator("dl > div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) }).locator("dd").first();

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" } as { colorScheme: "light" | "dark" });

    test("an owner reads a day, a month and a year, drawn and as a table", async ({ page, context, newPerson, signInAs, db }) => {
      const [owner, seller] = [await newPerson({ name: "Helena Prado" }), await newPerson()];
      const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: seller.userId });
      const parts = [{ token_address: "0x1", amount: "1", amount_usd: "2.909091", store_id: null }, { token_address: "0x2", amount: "1", amount_usd: "1", store_id: store.storeId }];
      await db`UPDATE transactions SET tokens_used = ${db.json(parts)} WHERE store_id = ${store.storeId} AND amount_brl_centavos = 2150`;
      await signInAs(context, owner);
      await page.goto(`/stores/${store.storeId}/analytics?period=day&on=${store.today}`);
      await expect(page.getByRole("img", { name: "60 reais", exact: true })).toBeVisible();
      await expect(figure(page, "Devoluções")).toHaveText("−R$ 11,00");
      await expect(figure(page, "Líquido")).toHaveText("R$ 49,00");
      await expect(figure(page, "Pagamentos")).toHaveText("2");
      await expect(figure(page, "Média")).toHaveText("R$ 30,00");
      await expect(figure(page, "Gorjetas")).toHaveText("R$ 3,50");
      await expect(page.getByRole("img", { name: /^Vendas por hora/ })).toBeVisible();
      await expect(page.getByText("Pão na chapa")).toBeVisible();
      await expect(page.getByRole("region", { name: "Por pessoa" })).toContainText("Lucas");
      await expect(page.getByRole("region", { name: "Por caixa" })).toContainText("Balcão");
      await shot(page, `analytics-day-${colorScheme}`);
      await expectAccessible(page, "analytics, a day");

      // The table says what the bars do, by keyboard.
      await page.locator("summary", { hasText: "Ver em tabela" }).focus();
      await page.keyboard.press("Enter");
      const table = page.getByRole("table", { name: /Vendas por hora/ });
      await expect(table).toBeVisible();
      await expect(table.getByRole("row").filter({ hasText: "R$ 60,00" }).first()).toContainText("R$ 49,00");
      await expectAccessible(page, "analytics, the table");

      const kinds = page.getByRole("navigation", { name: "Período" });
      await kinds.getByRole("link", { name: "Mês" }).click();
      await expect(page).toHaveURL(/period=month/);
      await expect(kinds.getByRole("link", { name: "Mês" })).toHaveAttribute("aria-current", "page");
      await expect(page.getByRole("img", { name: /^Vendas por dia/ })).toBeVisible();
      await shot(page, `analytics-month-${colorScheme}`);
      await expectAccessible(page, "analytics, a month");

      // When the week is strong, and with what they paid: the same numbers drawn and in a table.
      const week = page.getByRole("region", { name: "Horários" });
      await expect(week.getByRole("img", { name: /^Horários, / })).toBeVisible();
      await expect(week.getByText(/^Mais forte: /)).toBeVisible();
      await week.locator("summary").focus();
      await page.keyboard.press("Enter");
      const hours = week.getByRole("table", { name: /^Vendas por dia da semana e hora/ });
      await expect(hours.getByRole("row").filter({ hasText: "R$ 60,00" })).toHaveCount(1);
      await expect(hours.getByRole("row").filter({ hasText: "R$ 60,00" })).toContainText("R$ 49,00");
      const means = page.getByRole("region", { name: "Como pagaram" }).getByRole("table", { name: /^Como pagaram/ });
      await expect(means.getByRole("row", { name: /Dólares/ })).toContainText("R$ 54,50");
      await expect(means.getByRole("row", { name: /Recompensas daqui/ })).toContainText("R$ 5,50");
      await expect(means.getByRole("row")).toHaveCount(3);
      // Where a scrolled page stops, the bar at its top may lie over half a control.
      await page.evaluate(() => scrollTo(0, 0));
      await expectAccessible(page, "analytics, the week's table");

      const yearAgo = new Date(Date.now() - 300 * 86_400_000).toISOString().slice(0, 10);
      await page.goto(`/stores/${store.storeId}/analytics?period=range&from=${yearAgo}&to=${store.today}`);
      await expect(page.getByRole("img", { name: /^Vendas por mês/ })).toBeVisible();
      await expect(page.getByRole("img", { name: "160 reais", exact: true })).toBeVisible();
      await shot(page, `analytics-year-${colorScheme}`);
      await expectAccessible(page, "analytics, most of a year");
    });

    test("an empty period says so, and a wrong one what is wrong", async ({ page, context, newPerson, signInAs, db }) => {
      const owner = await newPerson();
      const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: (await newPerson()).userId });
      await signInAs(context, owner);
      await page.goto(`/stores/${store.storeId}/analytics?period=day&on=2025-01-06`);
      await expect(page.getByRole("heading", { name: "Nenhuma venda neste período" })).toBeVisible();
      await expectAccessible(page, "analytics, empty");
      await page.goto(`/stores/${store.storeId}/analytics?period=range&from=2020-01-01&to=2026-01-01`);
      await expect(page.getByText("Escolha um período de até um ano.")).toBeVisible();
      await expectAccessible(page, "analytics, a wrong period");
    });

    test("the first page shows today's figures and its hours", async ({ page, context, newPerson, signInAs, db }) => {
      const owner = await newPerson({ name: "Helena Prado" });
      const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: (await newPerson()).userId });
      await signInAs(context, owner);
      await page.goto(`/stores/${store.storeId}`);
      await expect(page.getByRole("img", { name: "60 reais", exact: true }).first()).toBeVisible();
      await expect(figure(page, "Líquido").first()).toHaveText("R$ 49,00");
      await expect(page.getByRole("img", { name: /^Vendas por hora/ })).toBeVisible();
      await expect(page.getByRole("heading", { name: "Saldo da loja" })).toBeVisible();
      await shot(page, `dashboard-${colorScheme}`);
      await expectAccessible(page, "the store's first page");
    });
  });
}

test("staff are told why, and somebody else's store is not found", async ({ page, context, newPerson, signInAs, db }) => {
  const [owner, seller, stranger] = [await newPerson(), await newPerson(), await newPerson()];
  const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: seller.userId });
  await signInAs(context, seller);
  expect((await page.goto(`/stores/${store.storeId}/analytics`))?.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "As análises são só para donos e admins" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Análises" })).toHaveCount(0);
  await expectAccessible(page, "analytics, forbidden");
  await signInAs(context, stranger);
  expect((await page.goto(`/stores/${store.storeId}/analytics`))?.status()).toBe(404);
  await context.clearCookies();
  await page.goto(`/stores/${store.storeId}/analytics`);
  await expect(page).toHaveURL(/\/login/);
});

test("a period is chosen without scripts", async ({ browser, baseURL, viewport, newPerson, signInAs, db }) => {
  const owner = await newPerson();
  const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: (await newPerson()).userId });
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, javaScriptEnabled: false });
  await signInAs(context, owner);
  const page = await context.newPage();
  await page.goto(`/stores/${store.storeId}/analytics?period=range&from=${store.today}&to=${store.today}`);
  await page.getByLabel("Até", { exact: true }).fill(store.today);
  await page.getByRole("button", { name: "Ver", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`period=range&from=${store.today}&to=${store.today}`));
  await expect(page.getByRole("img", { name: "60 reais", exact: true })).toBeVisible();
  await context.close();
});
