import type { Page } from "@playwright/test";
import { v7 } from "uuid";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { makeOwnStore } from "./own-store";

const SLOW_MS = 45_000;
const step = (page: Page, name: string) => page.getByRole("list", { name: "Etapas" }).getByRole("listitem").filter({ hasText: name });

test("a company shows two things to the partner, once, and both pages know it", async ({ page, context, db, newPerson, signInAs }) => {
  test.slow();
  const owner = await newPerson({ name: "Helena Prado" });
  const { storeId } = await makeOwnStore(db, owner, `Padaria ${v7().slice(-6)}`);
  await db`UPDATE stores SET cnpj = '11444777000161' WHERE id = ${storeId}`;
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/payouts`);
  await expect(page.getByRole("heading", { name: "Confirmação da loja" })).toBeVisible();
  await expect(step(page, "Dados da empresa")).toContainText("Falta fazer");
  await page.getByRole("button", { name: "Confirmar a loja" }).click();
  const company = page.getByRole("link", { name: "Abrir os dados da empresa" });
  await expect(company).toBeVisible({ timeout: SLOW_MS });
  await expectAccessible(page, "the partner's check of a store");

  await company.click();
  await expect(page.getByText("Dados da empresa")).toBeVisible();
  await page.getByRole("button", { name: "Aprovar" }).click();
  await page.waitForURL(/\/payouts$/);
  await page.getByRole("button", { name: "Já fiz os dados da empresa" }).click();
  await expect(step(page, "Dados da empresa")).toContainText("Você já fez");
  await expect(step(page, "Quem responde pela empresa")).toContainText("Falta fazer");

  // The till's page knows what the payouts' page began.
  await page.goto(`/stores/${storeId}/pix`);
  await expect(step(page, "Dados da empresa")).toContainText("Você já fez");
  await expectAccessible(page, "the check on the page of Pix");
  await page.getByRole("link", { name: "Abrir a página de quem responde" }).click();
  await page.getByRole("button", { name: "Aprovar" }).click();
  await page.waitForURL(/\/payouts$/);
  await expect(page.getByText("O parceiro conhece a loja: Pix no caixa e repasses estão liberados.")).toBeVisible({ timeout: 75_000 });
  await page.goto(`/stores/${storeId}/pix`);
  await expect(page.getByText("O Pix no caixa está ativo.")).toBeVisible();
});
