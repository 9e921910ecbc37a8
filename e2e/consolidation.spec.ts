import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import type { Address } from "viem";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { expectAccessible } from "./accessible";
import { expect, pay, paidCode, payButton, stackVariable, test, type Person } from "./fixtures";

const ELSEWHERE: ChainId = "11155420";
/** Attested at the fourth question, minted and followed: some seconds, and more on a busy machine. */
const ARRIVAL_MS = 45_000;

async function giveElsewhere(db: Sql, { userId }: Person, dollars: number) {
  const [account] = await db<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId} AND chain_id = ${ELSEWHERE}`;
  if (!account) throw new Error("there is an account on each chain");
  await usdcFaucet({ client: anvilClient(ELSEWHERE, stackVariable(`RPC_URL_${ELSEWHERE}`)), chainId: ELSEWHERE, to: account.address, amountUsdMicros: BigInt(dollars) * 1_000_000n });
  await expect
    .poll(async () => (await db<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${userId} AND chain_id = ${ELSEWHERE} AND store_id IS NULL`)[0]?.balance)
    .toBe(String(dollars * 1_000_000));
}

const place = (page: Page) => page.getByTestId("consolidation-place");
const arrives = (page: Page) => expect(place(page)).toHaveAttribute("data-stage", "arrived", { timeout: ARRIVAL_MS });

/** Lets the local attestation service fail, or not. */
const turnIris = (knobs: object) => {
  const { IRIS_URL } = parseEnv(readFileSync(join(stackVariable("E2E_DATA_DIR"), "web.env"), "utf8"));
  return fetch(`${IRIS_URL}/knobs`, { method: "PUT", body: JSON.stringify(knobs) });
};

test("dollars in two places become one: time and cost are said, the way is shown, and nothing is missing", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const person = await newPerson({ dollars: 20 });
  await giveElsewhere(db, person, 30);
  await signInAs(context, person);
  await page.goto("/");
  await expect(page.getByTestId("balance-usd")).toContainText("US$ 50,00");
  await page.getByRole("link", { name: "Juntar", exact: true }).click();
  await expect(page.getByText("Cerca de 30 segundos")).toBeVisible();
  await expect(page.getByText("Até US$ 0,01")).toBeVisible();
  // No chain is named before Details are opened.
  await expect(page.getByText(/Sepolia|rede|blockchain/)).toHaveCount(0);
  await expectAccessible(page, "together");
  await page.getByRole("button", { name: /^Juntar R\$/ }).click();
  await page.waitForURL(/\/together\/[0-9a-f-]{36}/);
  await expect(page.getByRole("list", { name: "Juntando seu saldo" }).getByRole("listitem")).toHaveCount(3);
  await expectAccessible(page, "on its way");
  await page.reload();
  const address = page.url();
  await arrives(page);
  await expect(page.getByRole("heading", { name: "Chegou" })).toBeVisible();
  await page.getByText("Detalhes", { exact: true }).click();
  await expect(page.getByText("Optimism Sepolia")).toBeVisible();
  await expectAccessible(page, "arrived");
  await page.goto("/");
  await expect(page.getByTestId("balance-usd")).toContainText("US$ 49,99");
  await expect(page.getByTestId("on-the-way")).toHaveCount(0);
  const [held] = await db<{ here: string; there: string }[]>`
    SELECT sum(balance) FILTER (WHERE chain_id = '84532')::text AS here, sum(balance) FILTER (WHERE chain_id = ${ELSEWHERE})::text AS there FROM token_balances WHERE user_id = ${person.userId} AND store_id IS NULL`;
  expect(held).toEqual({ here: "49997000", there: "0" });

  const stranger = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(stranger, await newPerson({ name: "Ivo" }));
  expect((await (await stranger.newPage()).goto(address))?.status()).toBe(404);
  await stranger.close();
});

test("an amount that only reaches together leads to bringing it together, and back to the payment", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  test.slow();
  const person = await newPerson({ dollars: 6 });
  await giveElsewhere(db, person, 6);
  await signInAs(context, person);
  await page.goto(`/p/${sampleStore.shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill("50,00");
  await page.getByRole("link", { name: "Juntar e voltar" }).click();
  await page.waitForURL(/\/together\?next=/);
  await expect(page.getByText("Seu saldo chega para este pagamento")).toBeVisible();
  await page.getByRole("button", { name: /^Juntar R\$/ }).click();
  await arrives(page);
  await page.getByRole("link", { name: "Voltar ao pagamento" }).click();
  await expect(page.getByLabel("Valor", { exact: true })).toHaveValue("50,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await payButton(page).click();
  await paidCode(page);
});

test("a store's rewards cross the bridge and are spendable where they arrive", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  test.slow();
  const person = await newPerson();
  await giveElsewhere(db, person, 40);
  await signInAs(context, person);
  // All dollars are elsewhere, so the payment is made and rewarded there.
  await pay(page, sampleStore.shortCode, "110,00");
  await page.goto("/together");
  await page.getByRole("radio", { name: new RegExp(sampleStore.name) }).check();
  await expect(page.getByText("Nada", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /^Juntar R\$/ }).click();
  await expect(page.getByRole("list", { name: "Juntando seu saldo" }).getByRole("listitem")).toHaveCount(4);
  await arrives(page);
  const [row] = await db<{ here: string; there: string }[]>`
    SELECT sum(balance) FILTER (WHERE chain_id = '84532')::text AS here, sum(balance) FILTER (WHERE chain_id = ${ELSEWHERE})::text AS there FROM token_balances WHERE user_id = ${person.userId} AND store_id IS NOT NULL`;
  expect(row?.there).toBe("0");
  expect(BigInt(row?.here ?? 0)).toBeGreaterThan(0n);
});

test("while the confirmation is not there the page says where the money is, and it goes on by itself", async ({ page, context, newPerson, signInAs, db }) => {
  test.slow();
  const person = await newPerson();
  await giveElsewhere(db, person, 12);
  await signInAs(context, person);
  await turnIris({ missingForSeconds: 600 });
  try {
    await page.goto("/together");
    await page.getByRole("button", { name: /^Juntar R\$/ }).click();
    await expect(place(page)).toHaveAttribute("data-stage", "left", { timeout: ARRIVAL_MS });
    // A wait of minutes, without the minutes.
    await db`UPDATE consolidations SET left_at = now() - INTERVAL '10 minutes', next_look_at = now() WHERE user_id = ${person.userId}`;
    await expect(page.getByText("A confirmação está demorando mais que o normal")).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, "late");
    await page.goto("/");
    await expect(page.getByTestId("on-the-way")).toContainText("a caminho do seu saldo");
    await page.getByRole("link", { name: "Onde está agora" }).click();
    await expect(place(page)).toContainText("espera a confirmação");
  } finally {
    await turnIris({ missingForSeconds: 0 });
  }
  await db`UPDATE consolidations SET next_look_at = now() WHERE user_id = ${person.userId}`;
  await arrives(page);
});

test("nobody has to bring together what is together", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson({ dollars: 5 }));
  await page.goto("/together");
  await expect(page.getByRole("heading", { name: "Seu saldo já está junto" })).toBeVisible();
  await expectAccessible(page, "nothing elsewhere");
});
