import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import { expect } from "./fixtures";

/** A partner and a chain take their time. */
export const SLOW_MS = 45_000;

export const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true });
/** What a passkey's signature leaves in the session. */
export const touchPasskey = (db: Sql, sessionId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE id = ${sessionId}`;
export const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check({ force: true });

/** From the typed key to the name that is looked at; the first store of a day is made known to the partner on the way. */
export async function typeKey(page: Page, storeId: string, key: string) {
  await page.goto(`/stores/${storeId}/payouts/destinations/new?type=pix`);
  await choose(page, "E-mail");
  await page.getByLabel("Chave Pix", { exact: true }).fill(key);
  await expect(page.getByText(/^Chave válida:/)).toBeVisible();
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL("**/payouts/destinations/0*");
}

export async function knowStore(page: Page, storeId: string) {
  await typeKey(page, storeId, "conhecer@exemplo.com.br");
  const register = page.getByRole("link", { name: "Abrir a página do parceiro" });
  // Another journey may have it confirmed meanwhile, by the till's page.
  const known = page.getByText("O parceiro confirmou a loja.");
  await expect(register.or(page.getByRole("button", { name: "Sim, guardar este destino" })).or(known)).toBeVisible({ timeout: SLOW_MS });
  if (!(await register.isVisible())) return;
  await register.click();
  await page.getByRole("button", { name: "Aprovar" }).click();
  // Back to whichever page asked for the check first.
  await page.waitForURL(/\/(payouts|pix)$/);
}

export async function keepKey(page: Page, storeId: string, key: string): Promise<string> {
  await typeKey(page, storeId, key);
  const keep = page.getByRole("button", { name: "Sim, guardar este destino" });
  // The other size's run has kept it already.
  await expect(keep.or(heading(page, "Destino guardado"))).toBeVisible({ timeout: SLOW_MS });
  if (await keep.isVisible()) await keep.click();
  await expect(heading(page, "Destino guardado")).toBeVisible();
  return /destinations\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";
}

export async function reviewPix(page: Page, storeId: string, destinationId: string, reais: string) {
  await page.goto(`/stores/${storeId}/payouts/new?destination=${destinationId}`);
  await page.getByLabel("Valor", { exact: true }).fill(reais);
  await page.getByRole("button", { name: "Ver quanto chega" }).click();
}

/** Asks for a Pix of a destination whose day is over, and ends on its page. */
export async function sendPix(page: Page, db: Sql, storeId: string, destinationId: string, reais: string) {
  await db`UPDATE payout_destinations SET usable_at = now() WHERE id = ${destinationId}`;
  await reviewPix(page, storeId, destinationId, reais);
  await expect(heading(page, "Conferir repasse")).toBeVisible();
  await page.getByRole("button", { name: /^Enviar R\$/ }).click({ timeout: SLOW_MS });
  await expect(heading(page, "Repasse")).toBeVisible();
}
export const payoutState = (page: Page, word: string) => expect(page.getByRole("status").filter({ hasText: new RegExp(`^${word}$`) }).first()).toBeVisible({ timeout: SLOW_MS });
