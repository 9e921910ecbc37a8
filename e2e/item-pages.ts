import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

/** One item of the list. */
export const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

export async function openItems(page: Page, storeId: string) {
  await page.goto(`/stores/${storeId}/items`);
  await expect(page.getByRole("heading", { name: "Itens", level: 1 })).toBeVisible();
  // The page is awake when its dialogs open.
  await expect(async () => {
    await page.getByRole("button", { name: "Adicionar item" }).click();
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole("button", { name: "Fechar" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

export async function addItem(page: Page, name: string, category: string, cents: string) {
  await page.getByRole("button", { name: "Adicionar item" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nome", { exact: true }).fill(name);
  await dialog.getByLabel("Categoria", { exact: true }).fill(category);
  await dialog.getByLabel("Preço", { exact: true }).fill(cents);
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row(page, name)).toBeVisible();
}
