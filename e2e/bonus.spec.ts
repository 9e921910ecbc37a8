import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, pay, test } from "./fixtures";

async function expectAccessible(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}

const dollarsIn = (text: string) => Number(/US\$\s?([\d.,]+)/.exec(text)?.[1]?.replace(/\./g, "").replace(",", "."));

test("a bonus by advance and by cashing out, and the advance given back", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  test.slow();
  const person = await newPerson({ dollars: 400 });
  await signInAs(context, person);
  await pay(page, sampleStore.shortCode, "1000,00");

  // From the rewards on the home page, with what both ways bring side by side.
  await page.goto("/");
  await page.getByRole("link", { name: /Bônus disponível/ }).click();
  await expect(page.getByRole("heading", { name: "Disponível hoje" })).toBeVisible();
  await expect(page.getByTestId("net-cash_out")).toContainText("R$");
  await expect(page.getByTestId("net-advance")).toContainText("R$");
  await expectAccessible(page, "bonus");

  // An advance of all: every line, the dates, and what is guaranteed.
  await page.getByRole("radio", { name: /Adiantamento/ }).check({ force: true });
  await page.getByLabel("Quanto?").fill("20,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText(/Taxa antecipada, 2,5\s?%/)).toBeVisible();
  await expect(page.getByText(/Taxa do protocolo, 2,5\s?%/)).toBeVisible();
  await expect(page.getByText(/Taxa da rede, 1\s?%/)).toBeVisible();
  await expect(page.getByText("Mínimo garantido")).toBeVisible();
  await expect(page.getByText(/Sem outra taxa até/)).toBeVisible();
  await expect(page.getByText(/elas acabam/)).toBeVisible();
  await expectAccessible(page, "review of an advance");
  const promised = dollarsIn(await page.getByTestId("claim-usd").innerText());
  await page.getByRole("button", { name: /^Receber/ }).click();
  await expect(page.getByRole("heading", { name: "Já está no seu saldo" })).toBeVisible({ timeout: 30_000 });
  expect(dollarsIn(await page.getByTestId("claim-usd").innerText())).toBe(promised);
  await expectAccessible(page, "advance done");

  // Cashing out a part: free, and the rewards are gone.
  await page.getByRole("link", { name: "Ver meus adiantamentos" }).click();
  await expect(page.getByRole("heading", { name: "Adiantamentos abertos" })).toBeVisible();
  await page.getByLabel("Quanto?").fill("10,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText("As recompensas são trocadas e não voltam")).toBeVisible();
  await expect(page.getByText("nenhuma", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /^Receber R\$\s10,00$/ }).click();
  await expect(page.getByRole("heading", { name: "Já está no seu saldo" })).toBeVisible({ timeout: 30_000 });

  // Half of the advance is given back, then the rest.
  await page.goto("/bonus");
  await page.getByRole("list", { name: "Adiantamentos abertos" }).getByRole("link").click();
  await expect(page.getByText(/^2,5\s?%$/)).toBeVisible();
  await expectAccessible(page, "an advance");
  await page.getByLabel("Devolver uma parte").fill("999,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText("É mais do que você deve")).toBeVisible();
  await page.getByLabel("Devolver uma parte").fill("10,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText(/Ainda ficam/)).toBeVisible();
  await expectAccessible(page, "review of a repayment");
  await page.getByRole("button", { name: /^Devolver R\$/ }).click();
  await expect(page.getByRole("heading", { name: "Devolvido" })).toBeVisible({ timeout: 30_000 });
  await page.goto("/bonus");
  await page.getByRole("list", { name: "Adiantamentos abertos" }).getByRole("link").click();
  await page.getByRole("button", { name: /^Devolver tudo/ }).click();
  await expect(page.getByText("O adiantamento fica quitado")).toBeVisible();
  await page.getByRole("button", { name: /^Devolver R\$/ }).click();
  await expect(page.getByRole("heading", { name: "Devolvido" })).toBeVisible({ timeout: 30_000 });
  await page.goto("/bonus");
  await expect(page.getByRole("heading", { name: "Adiantamentos abertos" })).toHaveCount(0);

  const claims = await db<{ purpose: string; status: string }[]>`SELECT purpose, status FROM transactions WHERE from_user_id = ${person.userId} AND type = 'bonus_claim' ORDER BY created_at`;
  expect(claims.map(({ purpose, status }) => `${purpose} ${status}`)).toEqual(["advance confirmed", "cash_out confirmed", "repayment confirmed", "repayment confirmed"]);
  expect(await db`SELECT 1 FROM loans WHERE user_id = ${person.userId} AND is_active`).toHaveLength(0);
});

test("somebody without rewards is told how to get them, and a stranger's advance is not found", async ({ page, context, newPerson, signInAs }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await page.goto("/bonus");
  await expect(page.getByRole("heading", { name: "Ainda não há bônus" })).toBeVisible();
  await expectAccessible(page, "no bonus");
  expect((await page.goto("/bonus/advances/019ac5c0-0000-7000-8000-000000000000"))?.status()).toBe(404);
  await page.goto("/bonus/review?k=x&q=y");
  await expect(page.getByText("Este preço não vale mais")).toBeVisible();
});
