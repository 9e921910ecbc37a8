import type { Page } from "@playwright/test";
import { expect, payButton } from "./fixtures";

/** The till of a store, awake: it hears payments. */
export async function openTill(page: Page, storeId: string) {
  await page.goto(`/stores/${storeId}/till`);
  await expect(page.getByText("Ao vivo").first()).toBeVisible();
}

/** The amount of the sale that is being typed. */
export const saleAmount = (till: Page) => till.getByLabel("Valor da venda", { exact: true });

/** What the open till charges: one tap after the amount. Answers the charge's id. */
export async function chargeAmount(till: Page, reais: string): Promise<string> {
  await saleAmount(till).fill(reais);
  await till.getByRole("button", { name: `Cobrar R$ ${reais}` }).click();
  return shownCharge(till);
}

/** The id of the charge on the till's screen. */
export async function shownCharge(till: Page): Promise<string> {
  await expect(till.getByTestId("charge-progress")).toBeVisible();
  const id = new URL(till.url()).searchParams.get("charge") ?? "";
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  return id;
}

export async function makeCharge(page: Page, storeId: string, reais: string): Promise<string> {
  await openTill(page, storeId);
  return chargeAmount(page, reais);
}

/** From the charge's link to the review. */
export async function reviewCharge(payer: Page, chargeId: string) {
  await payer.goto(`/c/${chargeId}`);
  await payer.getByRole("button", { name: /^Continuar com/ }).click();
  await expect(payButton(payer)).toBeVisible();
}
