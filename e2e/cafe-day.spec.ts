import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "@playwright/test";
import { parse } from "csv-parse/sync";
import type { Sql } from "postgres";
import { createPublicClient, http, type Abi, type Address } from "viem";
import { CHAIN, expect, paidCode, payButton, reviewPayment, stackVariable, test } from "./fixtures";
import { addItem, openItems } from "./item-pages";
import { keepKey, knowStore, payoutState, sendPix, touchPasskey } from "./payout-pages";
import { another, invitationIn, invite, textTo } from "./team-pages";
import { chargeAmount, openTill, reviewCharge, shownCharge } from "./till-pages";

/** The contracts' own packages say where the store's money is; nothing of ours is asked. */
const require = createRequire(import.meta.url);
const contract = (name: string) => require(`@bananapus/core-v5/deployments/nana-core-v5/base_sepolia/${name}.json`) as { abi: Abi; address: Address };
const LONG_MS = 45_000;

const letters = () => [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => String.fromCharCode(65 + (byte % 26))).join("");
const nextSale = async (till: Page) => {
  const next = till.getByRole("button", { name: "Próxima venda" });
  await expect(next).toBeVisible({ timeout: LONG_MS });
  while (await next.isVisible()) await next.click();
};

async function openStore(page: Page, db: Sql): Promise<{ storeId: string; shortCode: string }> {
  await page.goto("/stores/new");
  await page.getByLabel("Nome da loja").fill("Café <b>da</b> Esquina".replace(/<\/?b>/g, ""));
  await page.getByLabel("Sigla das recompensas").fill(`D${letters()}`);
  await page.getByLabel("O que você vende").selectOption("cafe");
  await page.getByLabel("Endereço").fill("Barra da Lagoa, Florianópolis");
  await page.getByRole("button", { name: "Abrir loja" }).click();
  await page.waitForURL(/\/stores\/[0-9a-f-]{36}/);
  const storeId = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
  const isOpen = async () => (await db<{ open: boolean }[]>`SELECT count(*) = 2 AND bool_and(s.starts_at < now() - interval '2 seconds') AS open FROM store_deployments d JOIN stores s ON s.id = d.store_id WHERE d.store_id = ${storeId} AND d.status = 'deployed'`)[0]?.open;
  await expect.poll(isOpen, { timeout: 90_000 }).toBe(true);
  const [store] = await db<{ shortCode: string }[]>`SELECT short_code AS "shortCode" FROM stores WHERE id = ${storeId}`;
  return { storeId, shortCode: store?.shortCode ?? "" };
}

/** What the store's revnet holds on the chain, in micro-dollars, by the terminal's own books. */
async function surplusOf(db: Sql, storeId: string): Promise<bigint> {
  const [row] = await db<{ project: number }[]>`SELECT project_id AS project FROM store_deployments WHERE store_id = ${storeId} AND chain_id = ${CHAIN}`;
  const client = createPublicClient({ transport: http(stackVariable(`RPC_URL_${CHAIN}`)) });
  const [books, terminal] = [contract("JBTerminalStore"), contract("JBMultiTerminal")];
  const [context] = (await client.readContract({ address: terminal.address, abi: terminal.abi, functionName: "accountingContextsOf", args: [BigInt(row?.project ?? 0)] })) as { token: Address }[];
  return (await client.readContract({ address: books.address, abi: books.abi, functionName: "balanceOf", args: [terminal.address, BigInt(row?.project ?? 0), context?.token] })) as bigint;
}

const download = async (page: Page, link: string) => {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
  return readFileSync(await file.path());
};

test("a day in the café: twelve hands, and all totals agree", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(600_000);
  const contexts: BrowserContext[] = [];
  const open = async (person: { userId: string }) => {
    const { context: own, page: its } = await another(browser, { baseURL, viewport });
    contexts.push(own);
    await signInAs(own, person);
    return its;
  };
  const owner = await newPerson({ name: "Helena Prado" });
  await touchPasskey(db, await signInAs(context, owner));
  const { storeId, shortCode } = await openStore(page, db);
  await openItems(page, storeId);
  await addItem(page, "Café coado", "Bebidas", "7,00");

  // The team: an admin and two staff, by text message.
  await page.goto(`/stores/${storeId}/team`);
  const people = [await newPerson({ name: "Otávio Reis" }), await newPerson({ name: "Teca Lima" }), await newPerson({ name: "Nando Vieira" })] as const;
  const [adminPage, tecaPage, nandoPage] = (await Promise.all(people.map(open))) as [Page, Page, Page];
  for (const [index, person] of people.entries()) {
    await invite(page, person.phone, index === 0 ? "Admin" : "Equipe");
    const its = [adminPage, tecaPage, nandoPage][index];
    await its?.goto(invitationIn(await textTo(page, person.phone, /\/invite\//)));
    await its?.getByRole("button", { name: "Aceitar convite" }).click();
    await expect(its ?? page).toHaveURL(new RegExp(`/stores/${storeId}`));
  }

  // Four customers at once: keypad, items with a tip, the counter's own code, and the admin's till.
  const customers = await Promise.all([newPerson({ name: "Rafael", dollars: 30 }), newPerson({ name: "Joana", dollars: 30 }), newPerson({ name: "Pedro", dollars: 30 }), newPerson({ name: "Sofia", dollars: 30 })]);
  const [rafael, joana, pedro, sofia] = (await Promise.all(customers.map(open))) as [Page, Page, Page, Page];
  await Promise.all([tecaPage, nandoPage, adminPage].map((till) => openTill(till, storeId)));
  const first = await chargeAmount(tecaPage, "38,50");
  await nandoPage.getByRole("button", { name: /Café coado/ }).click();
  await nandoPage.getByRole("button", { name: /Café coado/ }).click();
  await nandoPage.getByRole("button", { name: "Gorjeta", exact: true }).click();
  await nandoPage.getByRole("button", { name: "Cobrar R$ 14,00" }).click();
  const second = await shownCharge(nandoPage);
  const third = await chargeAmount(adminPage, "10,00");
  await reviewCharge(rafael, first);
  await joana.goto(`/c/${second}`);
  await joana.getByRole("radio", { name: /^10 %/ }).check();
  await joana.getByRole("button", { name: "Continuar com R$ 15,40" }).click();
  await reviewPayment(pedro, shortCode, "20,00");
  await reviewCharge(sofia, third);
  await Promise.all([rafael, joana, pedro, sofia].map((customer) => payButton(customer).click()));
  const codes = await Promise.all([rafael, joana, pedro, sofia].map(paidCode));
  await Promise.all([tecaPage, nandoPage, adminPage].map(nextSale));

  // A wrong code and a right one.
  await tecaPage.getByRole("button", { name: "Conferir código" }).first().click();
  const check = tecaPage.getByRole("dialog");
  await check.getByRole("textbox").first().fill("ZZZZZZ");
  await check.getByRole("button", { name: "Conferir", exact: true }).click();
  await expect(check.getByText("Não encontrado")).toBeVisible();
  await tecaPage.keyboard.press("Escape");

  // One person leaves in the middle of the day; the till closes by itself.
  await page.goto(`/stores/${storeId}/team`);
  await page.getByRole("button", { name: "Mudar Nando Vieira" }).click();
  await page.getByRole("button", { name: "Remover da equipe" }).click();
  await page.getByRole("button", { name: "Remover", exact: true }).click();
  await expect(nandoPage.getByText("Você não tem mais acesso a este caixa.")).toBeVisible({ timeout: 5_000 });

  // Pedro's order was wrong: a part goes back.
  const [sale] = await db<{ id: string }[]>`SELECT id FROM transactions WHERE store_id = ${storeId} AND confirmation_code = ${codes[2] ?? ""}`;
  await page.goto(`/stores/${storeId}/payments/${sale?.id}`);
  await page.getByLabel("Valor a devolver").fill("5,00");
  await page.getByLabel("Motivo").fill("Pedido trocado");
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.getByRole("button", { name: /^Devolver R\$/ }).click();
  await expect(page.getByTestId("refund").filter({ hasText: "Devolvido" })).toBeVisible({ timeout: LONG_MS });

  // 38,50 + 15,40 + 20,00 + 10,00 = 83,90; 5,00 went back.
  await page.goto(`/stores/${storeId}/close-day`);
  await expect(page.getByRole("region", { name: "Total do dia" })).toContainText("R$ 78,90");
  const lines: Record<string, string>[] = parse((await download(page, "Baixar planilha")).toString("utf8"), { bom: true, columns: true, delimiter: ";" });
  expect(lines.at(-1)).toMatchObject({ pagamentos: "4", vendas_brl: "83,90", devolucoes_brl: "-5,00", liquido_brl: "78,90", gorjetas_brl: "1,40" });
  expect((await download(page, "Baixar PDF")).subarray(0, 5).toString()).toBe("%PDF-");
  await page.goto(`/stores/${storeId}`);
  await expect(page.getByText(/83,90/).first()).toBeVisible();
  await expect(page.getByText(/78,90/).first()).toBeVisible();
  await page.goto(`/stores/${storeId}/payments`);
  await expect(page.getByText(/78,90/).first()).toBeVisible();
  await page.goto(`/stores/${storeId}/analytics?period=day`);
  await expect(page.getByText(/78,90/).first()).toBeVisible();
  await tecaPage.goto(`/stores/${storeId}/close-day`);
  await expect(tecaPage.getByRole("region", { name: "Total do dia" })).toContainText("R$ 38,50");

  // The chain's books: everything that was paid in, less what the refund cashed out, to the micro-dollar but for the rounding of one cash-out.
  const [sums] = await db<{ gross: string; back: string }[]>`
    SELECT (SELECT sum(amount_usd * 1000000)::bigint::text FROM transactions WHERE store_id = ${storeId} AND type = 'payment' AND status = 'confirmed') AS gross,
           (SELECT sum(amount_usd * 1000000)::bigint::text FROM refunds WHERE store_id = ${storeId} AND status = 'refunded') AS back`;
  const held = await surplusOf(db, storeId);
  const left = BigInt(sums?.gross ?? 0) - BigInt(sums?.back ?? 0) - held;
  expect(left >= 0n && left <= 2n, `the chain holds ${held}, the rows say ${sums?.gross} - ${sums?.back}`).toBe(true);

  // In the evening the money goes out by Pix.
  await knowStore(page, storeId);
  const destination = await keepKey(page, storeId, `helena${Date.now()}@exemplo.com.br`);
  await sendPix(page, db, storeId, destination, "40,00");
  await payoutState(page, "Pago");
  await expect(page.getByText(/^E\w{31}$/)).toBeVisible();
  expect(await surplusOf(db, storeId)).toBeLessThan(held);
  await Promise.all(contexts.map((one) => one.close()));
});
