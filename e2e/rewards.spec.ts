import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, pay, test } from "./fixtures";

const shot = async (page: Page, name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
};
const centavosIn = (text: string): number => Number((/R\$\s*([\d.]+),(\d\d)/.exec(text.replace(/\u00a0/g, " ")) ?? []).slice(1).join("").replaceAll(".", "") || NaN);

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("rewards by store: worth, where they came from, where they buy", async ({ page, context, newPerson, signInAs, db }) => {
      const person = await newPerson({ dollars: 80 });
      await signInAs(context, person);
      await page.goto("/rewards");
      await expect(page.getByRole("heading", { name: "Nenhuma recompensa ainda" })).toBeVisible();
      await expectAccessible(page, "rewards, none");

      const stores = await db<{ id: string; name: string; code: string }[]>`SELECT id, name, short_code AS code FROM stores WHERE symbol IN ('CAFE', 'SURF') ORDER BY symbol`;
      const [cafe, surf] = [stores[0]!, stores[1]!];
      await pay(page, cafe.code, "40,00");
      await pay(page, surf.code, "30,00");

      await page.goto("/");
      await page.getByRole("link", { name: /Ver tudo/ }).first().click();
      await expect(page).toHaveURL(/\/rewards$/);
      const list = page.getByRole("list", { name: "Por loja" });
      await expect(list.getByRole("listitem")).toHaveCount(2);
      const amounts = (await list.getByRole("listitem").allInnerTexts()).map(centavosIn);
      const total = centavosIn((await page.getByTestId("rewards-total").innerText()).replace(/\s+/g, " "));
      expect(Math.abs(amounts.reduce((sum, amount) => sum + amount, 0) - total)).toBeLessThanOrEqual(1);
      await expect(page.getByText(/^Valores de /)).toBeVisible();
      await shot(page, `rewards-${colorScheme}`);
      await expectAccessible(page, "rewards");

      await list.getByRole("link", { name: new RegExp(surf.name) }).click();
      await expect(page).toHaveURL(new RegExp(`/rewards/${surf.id}$`));
      await expect(page.getByText("Você ganha 10 % de cada compra. Até agora, 1 compra.")).toBeVisible();
      await expect(page.getByRole("link", { name: `Pagar em ${surf.name}` })).toHaveAttribute("href", `/p/${surf.code}`);
      await expect(page.getByRole("list", { name: "Outras lojas que aceitam" }).getByRole("link", { name: new RegExp(cafe.name) })).toBeVisible();
      await expect(page.getByRole("list", { name: "Histórico" }).getByRole("listitem")).toHaveText(/Ganhou.*\+\sR\$/);
      await page.getByText("Detalhes", { exact: true }).click();
      await expect(page.getByText(/tokens em/)).toBeVisible();
      await shot(page, `reward-store-${colorScheme}`);
      await expectAccessible(page, "a store's rewards");
      await page.getByRole("list", { name: "Histórico" }).getByRole("link").click();
      await expect(page.getByTestId("receipt-code")).toBeVisible();
    });
  });
}

test("a closed store's rewards keep what they are worth and say so; an unknown store is not found", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson({ dollars: 40 });
  await signInAs(context, person);
  const [store] = await db<{ id: string; name: string; code: string }[]>`SELECT id, name, short_code AS code FROM stores WHERE symbol = 'FEIRA'`;
  await pay(page, store!.code, "50,00");
  await page.goto(`/rewards/${store!.id}`);
  const worth = await page.getByTestId("store-worth").innerText();
  try {
    await db`UPDATE stores SET closed_at = now() WHERE id = ${store!.id}`;
    await page.goto("/rewards");
    await expect(page.getByRole("link", { name: new RegExp(`${store!.name}.*Loja fechada`) })).toBeVisible();
    await page.goto(`/rewards/${store!.id}`);
    await expect(page.getByText("Esta loja fechou.")).toBeVisible();
    expect(await page.getByTestId("store-worth").innerText()).toBe(worth);
    await expect(page.getByRole("link", { name: `Pagar em ${store!.name}` })).toHaveCount(0);
  } finally {
    await db`UPDATE stores SET closed_at = NULL WHERE id = ${store!.id}`;
  }
  expect((await page.goto("/rewards/00000000-0000-7000-8000-000000000000"))?.status()).toBe(404);
  expect((await page.goto("/rewards/x"))?.status()).toBe(404);
});
