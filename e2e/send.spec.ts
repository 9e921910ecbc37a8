import type { BrowserContext, Page } from "@playwright/test";
import type { Sql } from "postgres";
import { Authenticator } from "./authenticator";
import { addPasskey, beginTakeover, choosePasskey, chooseWords, confirmTakeover, stepUp, untilOnlyYou } from "./custody-pages";
import { CHAIN, expect, newPhone, signInByPhone, stackVariable, test, type Person } from "./fixtures";
import { expectAccessible } from "./accessible";
import { anvilClient } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import type { Address } from "viem";

const LONG_MS = 30_000;
// Several browsers at once, on a machine that may be shared.
test.setTimeout(120_000);

/** More by hand: E2E_RACES=20. */
const RACES = Number(process.env.E2E_RACES ?? 2);

const state = (page: Page) => page.getByTestId("send-state");
const expectState = (page: Page, name: string) => expect(state(page)).toHaveAttribute("data-state", name, { timeout: LONG_MS });
const sendButton = (page: Page) => page.getByRole("button", { name: /^Enviar R\$/ });

async function typeAmount(page: Page, reais: string, note?: string) {
  await page.getByLabel("Valor", { exact: true }).fill(reais);
  if (note) await page.getByLabel("Recado, se quiser").fill(note);
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(sendButton(page)).toBeVisible();
}

/** From the amount to the tap, saying yes to somebody new. */
async function confirmSend(page: Page) {
  const sure = page.getByRole("checkbox");
  if (await sure.count()) await sure.check();
  await sendButton(page).click();
  await page.waitForURL("**/sends/**");
}

async function sendToPhone(page: Page, phone: string, reais: string, note?: string) {
  await page.goto("/send");
  await page.getByRole("link", { name: /Para um celular/ }).click();
  await page.getByLabel("Celular", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL("**/send/amount**");
  await typeAmount(page, reais, note);
  await confirmSend(page);
  return new URL(page.url()).pathname;
}

/** The path of the last link that a phone was sent. */
async function claimLink(page: Page, phone: string): Promise<string> {
  let path = "";
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/sandbox/messages?to=${encodeURIComponent(phone)}`);
      path = ((await answer.json()) as { body: string }[]).map(({ body }) => /\/claim\/[\w-]{22}/.exec(body)?.[0] ?? "").find(Boolean) ?? "";
      return path;
    })
    .toMatch(/^\/claim\//);
  return path;
}

async function codeOf(context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  await page.goto("/receive");
  const link = await page.getByTestId("receive-link").innerText();
  await page.close();
  return new URL(link).pathname;
}

const dollarsOf = async (db: Sql, { userId }: Person) => {
  const [row] = await db<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${userId} AND chain_id = ${CHAIN} AND store_id IS NULL`;
  return BigInt(row?.balance ?? 0);
};
const sendsOf = (db: Sql, { userId }: Person) => db<{ id: string; status: string }[]>`SELECT id, status FROM transactions WHERE from_user_id = ${userId} AND type = 'received' ORDER BY id`;

test("dollars to a person's link: the name is confirmed once, both balances move", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const [sender, ana] = [await newPerson({ dollars: 20, name: "Rafael Lima" }), await newPerson({ name: "Ana Maria" })];
  const theirs = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(theirs, ana);
  const link = await codeOf(theirs);
  await signInAs(context, sender);
  await page.goto("/");
  await page.getByRole("link", { name: "Enviar", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Enviar" })).toBeVisible();
  await page.goto(link);
  await expect(page.getByTestId("payee")).toHaveText("Para Ana M.");
  await typeAmount(page, "11,00", "trilha de <b>sábado</b>");
  await expect(page.getByText("trilha de <b>sábado</b>")).toBeVisible();
  await expectAccessible(page, "review of a send");
  // Without the yes nothing is sent.
  await sendButton(page).click();
  expect(await sendsOf(db, sender)).toEqual([]);
  await confirmSend(page);
  await expectState(page, "done");
  await expect(state(page)).toHaveText("Enviado");
  await expectAccessible(page, "sent");
  const id = new URL(page.url()).pathname;

  const other = await theirs.newPage();
  await other.goto(id);
  await expect(state(other)).toHaveText("Recebido");
  await expect(other.getByText("De Rafael L.")).toBeVisible();
  await expect(other.getByText("trilha de <b>sábado</b>")).toBeVisible();
  await expect.poll(() => dollarsOf(db, ana)).toBeGreaterThan(0n);
  expect((await dollarsOf(db, sender)) + (await dollarsOf(db, ana))).toBe(20_000_000n);
  await other.goto("/activity");
  await expect(other.getByText(/11,00/).first()).toBeVisible();

  // The second time the name is known.
  await page.goto("/send");
  await page.getByRole("link", { name: "Ana M." }).click();
  await typeAmount(page, "5,50");
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await theirs.close();
});

test("dollars to a phone without an account: taken after signing in with that very phone", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const sender = await newPerson({ dollars: 20, name: "Rafael Lima" });
  const phone = newPhone();
  await signInAs(context, sender);
  const path = await sendToPhone(page, phone, "11,00", "churrasco");
  await expectState(page, "waiting");
  await expectAccessible(page, "waiting");
  const link = await claimLink(page, phone);

  // Another phone, and nobody at all, are told nothing.
  const eve = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  const theirs = await eve.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole("heading", { name: "Alguém enviou dinheiro para um celular" })).toBeVisible();
  await expect(theirs.getByText(/11,00|Rafael|churrasco/)).toHaveCount(0);
  await expectAccessible(theirs, "claim, strangers");
  await signInAs(eve, await newPerson({ name: "Eva Torres" }));
  await theirs.goto(link);
  await expect(theirs.getByRole("heading", { name: "Este link não é para este celular" })).toBeVisible();
  await expect(theirs.getByText(/11,00|Rafael|churrasco/)).toHaveCount(0);
  await expectAccessible(theirs, "claim, another phone");
  expect((await theirs.goto(path))?.status()).toBe(404);
  await eve.close();

  const fresh = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  const mine = await fresh.newPage();
  await signInByPhone(mine, phone, "Bia Alves");
  await mine.goto(link);
  await mine.waitForURL(`**${path}`);
  await expect(mine.getByText("Rafael L. enviou para você")).toBeVisible();
  await expect(mine.getByText("churrasco")).toBeVisible();
  await mine.getByRole("button", { name: /^Receber R\$/ }).click({ timeout: LONG_MS });
  await expectState(mine, "done");
  await expect(state(mine)).toHaveText("Recebido");
  await expectState(page, "done");
  const [row] = await db<{ id: string }[]>`SELECT id FROM users WHERE phone = ${phone}`;
  expect(await dollarsOf(db, { userId: row!.id, phone, name: "" })).toBe(20_000_000n - (await dollarsOf(db, sender)));
  await fresh.close();
});

test("an account with that phone finds it in the app; taken back, it is gone", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const [sender, ana] = [await newPerson({ dollars: 20 }), await newPerson({ name: "Ana Maria" })];
  await signInAs(context, sender);
  const first = await sendToPhone(page, ana.phone, "5,50");
  await expectState(page, "waiting");
  const theirs = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(theirs, ana);
  const other = await theirs.newPage();
  await other.goto("/");
  await expect(other.getByText("Clara N. enviou R$ 5,50 para você")).toBeVisible();
  await expectAccessible(other, "home with money that waits");
  await page.getByRole("button", { name: "Cancelar envio" }).click();
  await expectState(page, "cancelled");
  expect((await other.goto(first))?.status()).toBe(404);
  await other.goto(await claimLink(page, ana.phone));
  await expect(other.getByRole("heading", { name: "Este envio não espera mais" })).toBeVisible();
  await expect.poll(async () => (await sendsOf(db, sender))[0]?.status).toBe("failed");
  await theirs.close();
});

test("two browsers take one send in the same moment: it is one", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  test.setTimeout(120_000 + RACES * 30_000);
  const [sender, ana] = [await newPerson({ dollars: 100 }), await newPerson({ name: "Ana Maria" })];
  await signInAs(context, sender);
  const contexts = await Promise.all([0, 1].map(() => browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" })));
  const pages = await Promise.all(contexts.map(async (one) => (await signInAs(one, ana), one.newPage())));
  for (let race = 1; race <= RACES; race += 1) {
    const path = await sendToPhone(page, ana.phone, "5,50");
    await Promise.all(pages.map((one) => one.goto(path)));
    const buttons = pages.map((one) => one.getByRole("button", { name: /^Receber R\$/ }));
    for (const button of buttons) await expect(button).toBeVisible();
    // At once, by the page itself: whoever is a moment late would find the button gone already.
    await Promise.all(buttons.map((button) => button.evaluate((element: HTMLElement) => element.click())));
    for (const one of pages) await expectState(one, "done");
    const sends = await sendsOf(db, sender);
    expect(sends).toHaveLength(race);
    expect(sends.at(-1)).toMatchObject({ status: "confirmed" });
    expect((await db`SELECT 1 FROM audit_logs WHERE action = 'send.claimed' AND user_id = ${ana.userId}`).length).toBe(race);
  }
  expect(await dollarsOf(db, ana)).toBe(100_000_000n - (await dollarsOf(db, sender)));
  await Promise.all(contexts.map((one) => one.close()));
});

test("an address is for who opens the details: a wrong letter is refused, the network and every letter are shown", async ({ page, context, newPerson, signInAs, db }) => {
  const sender = await newPerson({ dollars: 20 });
  await signInAs(context, sender);
  await page.goto("/send");
  await expect(page.getByRole("link", { name: /endereço/ })).toBeHidden();
  await page.locator("summary", { hasText: "Detalhes" }).click();
  await page.getByRole("link", { name: /endereço de USDC/ }).click();
  await expectAccessible(page, "address");
  const address = page.getByLabel("Endereço", { exact: true });
  for (const [typed, said] of [
    ["0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "letra errada"],
    ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "não é um endereço"],
    ["0x2db6d704058e552defe415753465df8df0361846", "de um programa"],
  ] as const) {
    await address.fill(typed);
    await page.getByRole("button", { name: "Continuar" }).click();
    await expect(page.getByText(new RegExp(said))).toBeVisible();
  }
  await address.fill("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL("**/send/amount**");
  await typeAmount(page, "5,50");
  await expect(page.getByText("0x5aAe b605 3F3E 94C9 b9A0 9f33 6694 35E7 Ef1B eAed")).toBeVisible();
  await expect(page.getByText("Base Sepolia").first()).toBeVisible();
  await expectAccessible(page, "review of an address");
  await confirmSend(page);
  await expectState(page, "done");
  expect(await sendsOf(db, sender)).toMatchObject([{ status: "confirmed" }]);
});

test("own links, broken links and other people's sends lead to honest pages", async ({ page, context, newPerson, signInAs }) => {
  const person = await newPerson();
  await page.goto("/u/AAAAAAAAAAAA");
  await expect(page.getByRole("heading", { name: "Este link não leva a ninguém" })).toBeVisible();
  await expectAccessible(page, "nobody's link");
  await signInAs(context, person);
  await page.goto(await codeOf(context));
  await expect(page.getByRole("heading", { name: "Este link é seu" })).toBeVisible();
  expect((await page.goto("/sends/01a22147-32ff-76db-9c25-b623f581747a"))?.status()).toBe(404);
  await page.goto("/send/review?k=x&q=y");
  await expect(page.getByText("Este preço não vale mais")).toBeVisible();
  await page.goto("/send/amount?to=x");
  await expect(page).toHaveURL(/\/send$/);
  await page.goto("/receive");
  await page.locator("summary", { hasText: "Receber USDC de fora" }).click();
  await expect(page.getByTestId("account-address")).toHaveText(/^0x/);
  await expectAccessible(page, "receive");
  await page.goto("/send");
  await expectAccessible(page, "send");
  await page.goto("/send/phone");
  await expectAccessible(page, "phone");
});

test("dollars from outside appear as received", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  const [row] = await db<{ address: string }[]>`SELECT address FROM smart_accounts WHERE user_id = ${person.userId} AND chain_id = ${CHAIN}`;
  await usdcFaucet({ client: anvilClient(CHAIN, stackVariable(`RPC_URL_${CHAIN}`)), chainId: CHAIN, to: row!.address as Address, amountUsdMicros: 2_000_000n });
  await expect.poll(async () => (await db`SELECT 1 FROM transactions WHERE to_user_id = ${person.userId} AND purpose = 'incoming'`).length).toBe(1);
  await page.goto("/activity");
  await expect(page.getByText(/11,00/).first()).toBeVisible();
});

test("a sender who alone signs: one touch for a person, and after a phone's holder has said yes", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  test.setTimeout(240_000);
  const [sender, ana] = [await newPerson({ dollars: 20, name: "Rafael Lima" }), await newPerson({ name: "Ana Maria" })];
  const theirs = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(theirs, ana);
  const link = await codeOf(theirs);
  await Authenticator.attach(page);
  await signInAs(context, sender);
  await addPasskey(page);
  await stepUp(db, sender.userId);
  await beginTakeover(page);
  await choosePasskey(page);
  await chooseWords(page);
  await confirmTakeover(page);
  await untilOnlyYou(page);

  await page.goto(link);
  await typeAmount(page, "5,50");
  await confirmSend(page);
  await page.getByRole("button", { name: /chave de acesso/ }).click({ timeout: LONG_MS });
  await expectState(page, "done");

  const path = await sendToPhone(page, ana.phone, "5,50");
  await expectState(page, "waiting");
  const other = await theirs.newPage();
  await other.goto(path);
  await other.getByRole("button", { name: /^Receber R\$/ }).click();
  await expectState(other, "unconfirmed");
  await expect(other.getByText("Esperando a confirmação de quem enviou")).toBeVisible();
  await page.goto("/");
  await page.getByRole("link", { name: "Ver e confirmar" }).click();
  await expectState(page, "unconfirmed");
  await expectAccessible(page, "unconfirmed");
  await page.getByRole("button", { name: "Confirmar agora" }).click();
  await page.getByRole("button", { name: /chave de acesso/ }).click({ timeout: LONG_MS });
  await expectState(page, "done");
  await expectState(other, "done");
  await theirs.close();
});
