import type { Page } from "@playwright/test";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { mapHashToField } from "@noble/curves/abstract/modular.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { Sql } from "postgres";
import { expect } from "./fixtures";

/** Walks of custody's pages, and an ear on everything that they send. */

/** Every request of a page with its body, and every PRF output that the browser gave it. */
export type Overheard = { sent: string[]; prfOutputs: Uint8Array[] };

/** Listens before the page does anything. The page's own scripts cannot tell. */
export async function overhear(page: Page): Promise<Overheard> {
  const heard: Overheard = { sent: [], prfOutputs: [] };
  page.on("request", (request) => heard.sent.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ""}`));
  page.on("console", (message) => heard.sent.push(message.text()));
  await page.exposeBinding("hearPrf", (_source, bytes: number[]) => void heard.prfOutputs.push(Uint8Array.from(bytes)));
  await page.addInitScript(() => {
    const container = navigator.credentials;
    const get = container.get.bind(container);
    container.get = async (options) => {
      const credential = await get(options);
      const first = (credential as PublicKeyCredential | null)?.getClientExtensionResults().prf?.results?.first;
      if (first) {
        const bytes = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
        // Copied at once: the page wipes what it was given.
        await (window as unknown as { hearPrf: (bytes: number[]) => Promise<void> }).hearPrf([...bytes]);
      }
      return credential;
    };
  });
  return heard;
}

/** The key that a PRF output derives, made again by hand (lib/accounts/derived-key.client.ts). */
export const keyOfPrfOutput = (prf: Uint8Array): Uint8Array =>
  mapHashToField(hkdf(sha256, Uint8Array.from(prf), undefined, new TextEncoder().encode("cocopay/derived-key/secp256k1/v1"), 48), secp256k1.Point.Fn.ORDER);

export async function userIdOf(db: Sql, phone: string): Promise<string> {
  const [row] = await db<{ id: string }[]>`SELECT id FROM users WHERE phone = ${phone}`;
  if (!row) throw new Error(`Nobody has ${phone}`);
  return row.id;
}

/** The session counts as just confirmed: journeys whose subject is not the second factor. */
export const stepUp = (db: Sql, userId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey', limited_until = NULL WHERE user_id = ${userId}`;

export const stateOf = (page: Page) => page.getByTestId("custody-state");
export const ONLY_YOU = "Só você movimenta este dinheiro";
export const ALMOST = "Quase: falta uma parte";

/** From the overview to the choice of the first owner. */
export async function beginTakeover(page: Page) {
  await page.goto("/security/custody");
  await expect(stateOf(page)).toHaveText("O CocoPay movimenta por você");
  await page.getByRole("link", { name: "Assumir o controle" }).click();
  await expect(page.getByRole("heading", { name: "O dinheiro passa a ser só seu" })).toBeVisible();
  await page.getByRole("button", { name: "Começar" }).click();
  await expect(page.getByRole("heading", { name: "Escolha o dono do dia a dia" })).toBeVisible();
}

/** Twelve printed words as the second owner, written down by the test. */
export async function chooseWords(page: Page): Promise<string[]> {
  await page.getByRole("button", { name: /^12 palavras no papel/ }).click();
  const words = (await page.getByTestId("recovery-words").locator("[translate=no]").allInnerTexts()).map((word) => word.trim());
  expect(words).toHaveLength(12);
  await page.getByRole("button", { name: "Já guardei as palavras" }).click();
  for (const field of await page.getByRole("textbox", { name: /^Palavra \d+$/ }).all()) {
    const position = Number((await field.getAttribute("name"))?.replace("word-", ""));
    await field.fill(words[position] ?? "");
  }
  await page.getByRole("button", { name: "Conferir", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Confira antes de assumir" })).toBeVisible();
  return words;
}

export async function chooseWallet(page: Page, name: string) {
  await page.getByRole("button", { name: /^Carteira/ }).click();
  const sign = page.getByRole("button", { name: `Assinar com ${name}` });
  const found = page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${name}`) });
  await expect(sign.or(found).first()).toBeVisible();
  if (await found.isVisible()) await found.click();
  await sign.click();
}

/** The summary's last button; a second factor is asked for where the session has none. */
export async function confirmTakeover(page: Page) {
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Assumir o controle" }).click();
}

export async function untilOnlyYou(page: Page) {
  await expect(stateOf(page)).toHaveText(ONLY_YOU, { timeout: 60_000 });
  await expect(page.getByTestId("check-result")).toHaveAttribute("data-result", "yours");
}

/** A passkey by Security's own page, on the authenticator that is attached. */
export async function addPasskey(page: Page) {
  await page.goto("/security/passkeys");
  await page.getByRole("button", { name: "Adicionar chave de acesso" }).click();
  await expect(page.getByRole("list", { name: "Suas chaves de acesso" }).getByRole("listitem").first()).toBeVisible();
}

export const choosePasskey = async (page: Page) => {
  await page.getByRole("button", { name: /^(Outra chave|Chave) de acesso/ }).click();
  await expect(page.getByRole("heading", { name: /^(Escolha o segundo dono|Confira antes de assumir)$/ })).toBeVisible();
};
