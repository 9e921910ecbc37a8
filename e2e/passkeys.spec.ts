import { hkdfSync } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Authenticator } from "./authenticator";
import { expect, newPhone, pay, giveDollars, signInByPhone, test } from "./fixtures";
import { softwarePasskeys } from "./software-passkeys";

const passkeysOf = (db: import("postgres").Sql, userId: string) =>
  db<{ name: string; address: string | null; lastUsedAt: Date | null }[]>`SELECT device_name AS name, derived_address AS address, last_used_at AS "lastUsedAt" FROM passkeys WHERE user_id = ${userId} ORDER BY created_at`;

async function addPasskey(page: Page) {
  await page.goto("/security/passkeys");
  await page.getByRole("button", { name: "Adicionar chave de acesso" }).click();
  await expect(page.getByRole("list", { name: "Suas chaves de acesso" }).getByRole("listitem").first()).toBeVisible();
}
const signOut = async (page: Page) => {
  await page.goto("/profile");
  await page.getByRole("button", { name: "Sair" }).click();
  await page.waitForURL("**/login**");
};
const signInByButton = async (page: Page) => {
  await page.goto("/login");
  await page.getByRole("button", { name: "Entrar com chave de acesso" }).click();
  await page.waitForURL((url) => url.pathname !== "/login");
};
const axe = async (page: Page) => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

test("sign up by phone, pay, take the offer, sign out, sign in by autofill", async ({ page, db, sampleStore }) => {
  test.slow();
  const authenticator = await Authenticator.attach(page);
  const phone = newPhone();
  await signInByPhone(page, phone, "Lia Prado");
  const [{ id: userId } = { id: "" }] = await db<{ id: string }[]>`SELECT id FROM users WHERE phone = ${phone}`;
  await expect.poll(async () => (await db`SELECT 1 FROM token_balances WHERE user_id = ${userId}`).length).toBeGreaterThan(0);
  await giveDollars(db, { userId }, 50);
  await pay(page, sampleStore.shortCode, "12,00");
  await page.getByRole("link", { name: "Concluir" }).click();
  await expect(page.getByRole("heading", { name: "Entre com o dedo ou com o rosto" })).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Ativar entrada rápida" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  expect(await authenticator.credentials()).toHaveLength(1);
  expect((await passkeysOf(db, userId))[0]?.address).toMatch(/^0x[0-9a-f]{40}$/);

  await signOut(page);
  // The suggestion on the phone field is answered by the authenticator without any button.
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  const [session] = await db`SELECT auth_method, step_up_method FROM sessions WHERE user_id = ${userId} ORDER BY created_at DESC LIMIT 1`;
  expect(session).toEqual({ auth_method: "passkey", step_up_method: "passkey" });
});

test("the offer can wait, and comes after the first payment only", async ({ page, context, newPerson, signInAs, sampleStore }) => {
  const person = await newPerson({ dollars: 50 });
  await signInAs(context, person);
  await pay(page, sampleStore.shortCode, "11,00");
  await page.getByRole("link", { name: "Concluir" }).click();
  await page.getByRole("link", { name: "Agora não" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  await pay(page, sampleStore.shortCode, "11,00");
  await page.getByRole("link", { name: "Concluir" }).click();
  await page.waitForURL((url) => url.pathname === "/");
});

test("the same passkey derives the same address at every sign-in and after a reload, and nothing of it is posted", async ({ page, context, newPerson, signInAs, db }) => {
  const posted: string[] = [];
  page.on("request", (request) => posted.push(`${request.url()} ${request.postData() ?? ""}`));
  // What the page holds in secret is written down here, to be looked for in everything that it sent.
  await page.addInitScript(() => {
    const secrets: string[] = [];
    Object.assign(window, { secrets });
    const kept = PublicKeyCredential.prototype as unknown as { original: () => object; getClientExtensionResults: () => object };
    kept.original = Object.getOwnPropertyDescriptor(kept, "getClientExtensionResults")?.value as () => object;
    kept.getClientExtensionResults = function (this: typeof kept) {
      const results = this.original();
      const first = (results as { prf?: { results?: { first?: ArrayBuffer } } }).prf?.results?.first;
      if (first) secrets.push(Array.from(new Uint8Array(first), (byte) => byte.toString(16).padStart(2, "0")).join(""));
      return results;
    };
  });
  await Authenticator.attach(page);
  const person = await newPerson();
  await signInAs(context, person);
  await addPasskey(page);
  const secrets = new Set<string>(await page.evaluate(() => (window as unknown as { secrets: string[] }).secrets));
  const [first] = await passkeysOf(db, person.userId);
  expect(first?.address).toMatch(/^0x[0-9a-f]{40}$/);

  for (let round = 0; round < 2; round += 1) {
    await context.clearCookies();
    await page.goto("/login");
    await page.reload();
    await page.waitForURL((url) => url.pathname !== "/login");
    expect((await passkeysOf(db, person.userId)).map(({ address }) => address)).toEqual([first?.address]);
  }
  expect(secrets.size).toBe(1);
  const [secret = ""] = secrets;
  const bytes = Buffer.from(secret, "hex");
  const { keyOfPrf } = await import("@/lib/accounts/derived-key.client");
  expect(keyOfPrf(Uint8Array.from(bytes)).address).toBe(first?.address);
  const key = derivedSecret(bytes);
  const log = posted.join("\n");
  expect(log).toContain(first?.address?.slice(2));
  for (const form of [bytes, key].flatMap((value) => [value.toString("hex"), value.toString("base64"), value.toString("base64url"), [...value].join(",")])) expect(log).not.toContain(form);
  const stored = await page.evaluate(() => [localStorage, sessionStorage].map((storage) => JSON.stringify(Object.entries(storage))).join() + document.cookie);
  expect(stored).not.toContain(secret);
});

test("a synced passkey signs in on a second device with the same address", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  const synced = await softwarePasskeys(page, new URL(baseURL ?? "").origin);
  await addPasskey(page);
  const [first] = await passkeysOf(db, person.userId);
  expect(first?.address).toMatch(/^0x[0-9a-f]{40}$/);

  const elsewhere = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  const other = await elsewhere.newPage();
  await synced.offerOn(other);
  await signInByButton(other);
  const sessions = await db`SELECT auth_method, limited_until FROM sessions WHERE user_id = ${person.userId} ORDER BY created_at DESC LIMIT 1`;
  expect(sessions[0]).toEqual({ auth_method: "passkey", limited_until: null });
  const [after] = await passkeysOf(db, person.userId);
  expect(after).toMatchObject({ address: first?.address });
  expect(after?.lastUsedAt).toBeTruthy();
  await elsewhere.close();
});

test("without PRF a passkey signs in, and the page says what it can't do", async ({ page, context, newPerson, signInAs, db }) => {
  await Authenticator.attach(page, { hasPrf: false });
  const person = await newPerson();
  await signInAs(context, person);
  await addPasskey(page);
  expect((await passkeysOf(db, person.userId))[0]?.address).toBeNull();
  await page.getByRole("button", { name: "Testar neste aparelho" }).click();
  await expect(page.getByText("não consegue ser dono da conta")).toBeVisible();
  await axe(page);
  await context.clearCookies();
  await page.goto("/login");
  await page.waitForURL((url) => url.pathname !== "/login");
});

test("a second passkey asks for the first; then rename and remove, and the removed one is unknown", async ({ page, context, newPerson, signInAs, db }) => {
  const authenticator = await Authenticator.attach(page);
  const person = await newPerson();
  const sessionId = await signInAs(context, person);
  await addPasskey(page);
  const [credential] = await authenticator.credentials();
  await page.getByRole("button", { name: "Adicionar chave de acesso" }).click();
  await page.getByRole("button", { name: "Confirmar com a chave de acesso" }).click();
  // This device has one of this account already.
  await expect(page.getByRole("alert").filter({ hasText: "já tem uma chave de acesso" })).toBeVisible();

  await page.getByRole("button", { name: /^Trocar o nome/ }).click();
  await page.getByLabel("Nome", { exact: true }).fill("Celular da Clara");
  await page.getByRole("dialog").getByRole("button", { name: "Trocar o nome" }).click();
  await expect(page.getByText("Celular da Clara")).toBeVisible();

  await db`UPDATE sessions SET stepped_up_at = NULL WHERE id = ${sessionId}`;
  await page.getByRole("button", { name: "Remover: Celular da Clara" }).click();
  await expect(page.getByRole("dialog")).toContainText("Você ainda entra com o celular.");
  await axe(page);
  await page.getByRole("dialog").getByRole("button", { name: "Remover" }).click();
  await expect(page.getByRole("heading", { name: "Confirme que é você" })).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Confirmar com a chave de acesso" }).click();
  await expect(page.getByText("Nenhuma chave de acesso ainda")).toBeVisible();
  expect(await passkeysOf(db, person.userId)).toEqual([]);
  const kinds = (await db`SELECT kind FROM notices WHERE user_id = ${person.userId} ORDER BY id`).map(({ kind }) => kind);
  expect(kinds).toEqual(["passkey_added", "passkey_removed"]);

  // A device that was never told still offers it: refused in words, and the browser is told.
  if ((await authenticator.credentials()).length === 0 && credential) await authenticator.add(credential);
  await context.clearCookies();
  await page.goto("/login");
  await expect(page.getByRole("alert").filter({ hasText: "não está mais em uso aqui" })).toBeVisible();
});

test("a finger that is not the person's confirms nothing; whoever has no passkey at hand waits", async ({ page, context, newPerson, signInAs, db }) => {
  const authenticator = await Authenticator.attach(page);
  const person = await newPerson();
  await signInAs(context, person);
  await addPasskey(page);
  await authenticator.setVerified(false);
  await page.getByRole("button", { name: "Adicionar chave de acesso" }).click();
  await page.getByRole("button", { name: "Confirmar com a chave de acesso" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Não deu para confirmar" })).toBeVisible();
  await page.getByRole("button", { name: "Não tem nenhuma delas agora?" }).click();
  await page.getByRole("button", { name: "Pedir e esperar 72 horas" }).click();
  await expect(page.getByText("Pedido feito")).toBeVisible();
  const [wait] = await db`SELECT purpose, round(extract(epoch FROM ready_at - now()) / 3600)::int AS hours FROM step_up_waits WHERE user_id = ${person.userId}`;
  expect(wait).toEqual({ purpose: "passkeys", hours: 72 });
});

/** The key itself, made again from the output by other hands than the page's. */
function derivedSecret(prf: Buffer): Buffer {
  const order = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  const material = BigInt(`0x${Buffer.from(hkdfSync("sha256", prf, "", "cocopay/derived-key/secp256k1/v1", 48)).toString("hex")}`);
  return Buffer.from(((material % (order - 1n)) + 1n).toString(16).padStart(64, "0"), "hex");
}
