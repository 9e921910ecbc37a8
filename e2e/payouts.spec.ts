import type { BrowserContext, Page } from "@playwright/test";
import type { Sql } from "postgres";
import { v7 } from "uuid";
import type { Address } from "viem";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { expectAccessible } from "./accessible";
import { CHAIN, expect, pay, stackVariable, test, type Person } from "./fixtures";
import { choose, heading, keepKey, knowStore, payoutState, reviewPix, sendPix, SLOW_MS, touchPasskey, typeKey } from "./payout-pages";

const ELSEWHERE: ChainId = "11155420";

type Store = { storeId: string; shortCode: string };
type Given = { page: Page; context: BrowserContext; db: Sql; store: Store; newPerson: (options?: { name?: string; dollars?: number }) => Promise<Person>; signInAs: (context: BrowserContext, person: { userId: string }) => Promise<string> };

/** Somebody paid at the store, and a new person owns it beside the sample's owner. */
async function asNewOwner({ page, context, db, store, newPerson, signInAs }: Given): Promise<Person> {
  await signInAs(context, await newPerson({ dollars: 60 }));
  await pay(page, store.shortCode, "150,00");
  const owner = await newPerson({ name: "Helena Prado" });
  await db`INSERT INTO store_members (id, store_id, user_id, role, accepted_at) VALUES (${v7()}, ${store.storeId}, ${owner.userId}, 'owner', now() - interval '3 days')`;
  await touchPasskey(db, await signInAs(context, owner));
  // The journeys of one minute look up more keys of this store than the directory is asked for.
  await db`DELETE FROM rate_limits WHERE key LIKE 'payout_lookup_store:%'`;
  return owner;
}

test("the owner takes money to the own balance, after looking at both ways", async ({ page, context, db, sampleStore, newPerson, signInAs }) => {
  test.slow();
  const owner = await asNewOwner({ page, context, db, store: sampleStore, newPerson, signInAs });
  await page.goto(`/stores/${sampleStore.storeId}/payouts`);
  await expect(heading(page, "Repasses").first()).toBeVisible();
  await expect(heading(page, "Saldo da loja")).toBeVisible();
  await expectAccessible(page, "payouts");
  await page.getByRole("link", { name: "Novo repasse" }).click();
  await expect(heading(page, "Novo repasse")).toBeVisible();
  await expectAccessible(page, "new payout");
  await choose(page, "Meu saldo");
  await page.getByLabel("Valor", { exact: true }).fill("99999,00");
  await page.getByRole("button", { name: "Ver quanto chega" }).click();
  await expect(page.getByText(/A loja não tem este valor agora/)).toBeVisible();
  await page.getByLabel("Valor", { exact: true }).fill("10,00");
  await page.getByRole("button", { name: "Ver quanto chega" }).click();
  await expect(heading(page, "Conferir repasse")).toBeVisible();
  await page.getByRole("button", { name: "Escolher: Adiantar" }).click();
  await expect(page.getByText(/^Taxa da loja, 2,5/)).toBeVisible();
  await page.getByRole("button", { name: "Escolher: Resgatar" }).click();
  await expect(page.getByText(/^Taxa da loja/)).toHaveCount(0);
  await expectAccessible(page, "review of a payout");
  await page.getByRole("button", { name: /^Enviar R\$\s10,00$/ }).click();
  await expect(heading(page, "Repasse")).toBeVisible();
  await payoutState(page, "Pago");
  await expectAccessible(page, "a payout");
  const receipt = await page.request.get((await page.getByRole("link", { name: "Comprovante (PDF)", exact: true }).getAttribute("href")) ?? "");
  expect([receipt.status(), receipt.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  const [balance] = await db<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${owner.userId} AND chain_id = ${CHAIN} AND store_id IS NULL`;
  expect(Number(balance?.balance ?? 0)).toBeGreaterThan(1_000_000);
  await page.getByRole("link", { name: "Todos os repasses" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Meu saldo" }).filter({ hasText: "Pago" }).first()).toBeVisible();
});

test("a payout asks for a second factor", async ({ page, context, db, sampleStore, newPerson, signInAs }) => {
  test.slow();
  const owner = await asNewOwner({ page, context, db, store: sampleStore, newPerson, signInAs });
  await db`UPDATE sessions SET stepped_up_at = NULL WHERE user_id = ${owner.userId}`;
  await page.goto(`/stores/${sampleStore.storeId}/payouts/new`);
  await choose(page, "Meu saldo");
  await page.getByLabel("Valor", { exact: true }).fill("8,00");
  await page.getByRole("button", { name: "Ver quanto chega" }).click();
  await page.getByRole("button", { name: /^Enviar R\$/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "second factor of a payout");
  expect(await db`SELECT 1 FROM payouts WHERE requested_by = ${owner.userId}`).toHaveLength(0);
});

test("a Pix: wrong keys, the name, a day's wait, the price, the end-to-end id", async ({ page, context, db, sampleStore, newPerson, signInAs }) => {
  test.slow();
  await asNewOwner({ page, context, db, store: sampleStore, newPerson, signInAs });
  const { storeId } = sampleStore;
  for (const [type, key] of [["CPF", "111.111.111-11"], ["CNPJ", "12.ABC.345/01DE-00"], ["Celular", "123"], ["E-mail", "sem-arroba"], ["Aleatória", "nao-e-uuid"]] as const) {
    await page.goto(`/stores/${storeId}/payouts/destinations/new?type=pix`);
    await choose(page, type);
    await page.getByLabel("Chave Pix", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Continuar" }).click();
    await expect(page.getByText("Esta chave não está certa. Confira o tipo e os dígitos.")).toBeVisible();
  }
  await page.getByLabel("Chave Pix", { exact: true }).fill("48999990001");
  await expect(page.getByText(/Onze números podem ser um CPF ou um celular/)).toBeVisible();
  await expectAccessible(page, "new Pix key");

  await knowStore(page, storeId);
  await typeKey(page, storeId, "naoexiste@pix.test");
  await expect(page.getByText("Nenhuma conta tem esta chave").first()).toBeVisible({ timeout: SLOW_MS });

  const key = `bia${Date.now()}@exemplo.com.br`;
  await typeKey(page, storeId, key);
  await expect(page.getByText("Quem recebe")).toBeVisible({ timeout: SLOW_MS });
  await expect(page.getByText(/^\*\*\*\.\d{3}\.\d{3}-\*\*$/)).toBeVisible();
  await expectAccessible(page, "whose key it is");
  await page.getByRole("button", { name: "Sim, guardar este destino" }).click();
  await expect(heading(page, "Destino guardado")).toBeVisible();
  await expect(page.getByText("Pode ser usado em 24 horas.")).toBeVisible();
  const destinationId = /destinations\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";

  await reviewPix(page, storeId, destinationId, "20,00");
  await expect(page.getByText(/Por segurança, este destino novo/)).toBeVisible();
  await sendPix(page, db, storeId, destinationId, "20,00");
  await payoutState(page, "Pago");
  await expect(page.getByText(/^E\w{31}$/)).toBeVisible();
  await expectAccessible(page, "a Pix that was paid");
  await page.goto(`/stores/${storeId}/payouts/destinations`);
  await expectAccessible(page, "destinations");
});

test("a Pix that fails keeps the money at the partner and goes out at the second try", async ({ page, context, db, sampleStore, newPerson, signInAs }) => {
  test.slow();
  await asNewOwner({ page, context, db, store: sampleStore, newPerson, signInAs });
  const { storeId } = sampleStore;
  await knowStore(page, storeId);
  const good = await keepKey(page, storeId, `certa${Date.now()}@exemplo.com.br`);
  await db`UPDATE payout_destinations SET usable_at = now() WHERE id = ${good}`;
  const bad = await keepKey(page, storeId, "falha@pix.test");
  await sendPix(page, db, storeId, bad, "15,00");
  await payoutState(page, "Não foi pago");
  await expect(page.getByText(/O dinheiro está guardado com o parceiro/)).toBeVisible();
  await expectAccessible(page, "a Pix that failed");
  await page.getByLabel("Enviar para").selectOption(good);
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await payoutState(page, "Pago");
});

test("a Pix of money on another network goes over the bridge first: where it comes from, what that costs, and that it is on its way", async ({ page, context, db, sampleStore, newPerson, signInAs }) => {
  test.slow();
  await asNewOwner({ page, context, db, store: sampleStore, newPerson, signInAs });
  const { storeId } = sampleStore;
  const dollars = async () => Number((await db<{ units: string }[]>`SELECT COALESCE(sum(balance), 0)::text AS units FROM store_token_balances WHERE store_id = ${storeId} AND chain_id = ${ELSEWHERE} AND token_store_id IS NULL`)[0]?.units ?? 0);
  const [account] = await db<{ address: Address }[]>`SELECT address FROM store_accounts WHERE store_id = ${storeId} AND chain_id = ${ELSEWHERE}`;
  const before = await dollars();
  await usdcFaucet({ client: anvilClient(ELSEWHERE, stackVariable(`RPC_URL_${ELSEWHERE}`)), chainId: ELSEWHERE, to: account?.address ?? "0x", amountUsdMicros: 8_000_000n });
  await expect.poll(dollars).toBeGreaterThan(before);
  await knowStore(page, storeId);
  const key = await keepKey(page, storeId, `ponte${Date.now()}@exemplo.com.br`);
  await db`UPDATE payout_destinations SET usable_at = now() WHERE id = ${key}`;
  await page.goto(`/stores/${storeId}/payouts/new?destination=${key}`);
  await page.getByLabel("De onde sai").selectOption(ELSEWHERE);
  await page.getByLabel("Valor", { exact: true }).fill("20,00");
  await expectAccessible(page, "where a Pix comes from");
  await page.getByRole("button", { name: "Ver quanto chega" }).click();
  await expect(page.getByText("Levar até o parceiro, no máximo")).toBeVisible({ timeout: SLOW_MS });
  await expectAccessible(page, "review of a Pix over the bridge");
  await page.getByRole("button", { name: /^Enviar R\$/ }).click({ timeout: SLOW_MS });
  await expect(heading(page, "Repasse")).toBeVisible();
  await payoutState(page, "Pago");
  await expect(page.getByText("O dinheiro está a caminho do parceiro")).toBeVisible();
  await expect(page.getByText("Levar até o parceiro", { exact: true })).toBeVisible();
  await expectAccessible(page, "a Pix that went over the bridge");
});

test("admins and staff are told who sees payouts, strangers find nothing", async ({ page, context, sampleStore, samplePerson, newPerson, signInAs }) => {
  const list = `/stores/${sampleStore.storeId}/payouts`;
  for (const role of ["admin", "staff"] as const) {
    await signInAs(context, await samplePerson(role));
    for (const path of [list, `${list}/new`, `${list}/destinations`]) {
      expect([path, (await page.goto(path))?.status()]).toEqual([path, 403]);
      await expect(page.getByText("Repasses são só para donos")).toBeVisible();
    }
    await expect(page.getByRole("link", { name: "Repasses", exact: true })).toHaveCount(0);
    expect((await page.request.get(`${list}/statement?month=2026-11`)).status()).toBe(403);
  }
  await signInAs(context, await newPerson());
  expect((await page.goto(list))?.status()).toBe(404);
});
