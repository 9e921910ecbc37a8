import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

export const SLOW_MS = 30_000;

export async function expectAccessible(page: Page) {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}
export const shot = (page: Page, name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true });
export const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true });

/** At the provider's own page; it leads back to ours. */
export async function judge(page: Page, verdict: "Aprovar" | "Recusar") {
  await page.getByRole("button", { name: "Confirmar minha identidade" }).click();
  await page.getByRole("link", { name: "Abrir a página da Avenia" }).click({ timeout: SLOW_MS });
  await expect(page.getByRole("heading", { name: "Verificação de identidade" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: verdict }).click();
  await page.waitForURL("**/add");
}

/** From the amount to the code on the screen. Answers the code. */
export async function openCode(page: Page, reais = "100,00"): Promise<string> {
  await page.goto("/add");
  await page.getByLabel("Quanto você vai adicionar").fill(reais);
  await page.getByRole("button", { name: "Ver o preço" }).click();
  await page.getByRole("button", { name: "Gerar o código Pix" }).click({ timeout: SLOW_MS });
  await expect(heading(page, "Pague este Pix")).toBeVisible({ timeout: SLOW_MS });
  return page.getByTestId("br-code").innerText();
}

/** In the bank's app, on a page of its own, as on a second phone. */
export async function payAtBank(page: Page, way: string) {
  const [bank] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: "Abrir o banco de teste" }).click()]);
  await expect(bank.getByRole("heading", { name: "Pagar Pix" })).toBeVisible();
  await bank.getByRole("button", { name: way, exact: true }).click();
  await expect(bank.getByRole("status")).toHaveText("Feito. Volte ao CocoPay.");
  await bank.close();
}
