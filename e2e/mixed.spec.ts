import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import type { Address } from "viem";
import { erc20Abi } from "@/lib/chain/abis";
import { USDC } from "@/lib/chain/addresses";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { usdMicrosFromDecimal } from "@/lib/money";
import { stillness } from "./accessible";
import { Authenticator } from "./authenticator";
import { accountOf, clientOf } from "./custody-chain";
import { addPasskey, beginTakeover, choosePasskey, chooseWords, confirmTakeover, stepUp, untilOnlyYou } from "./custody-pages";
import { CHAIN, expect, giveDollars, paidCode, pay, payButton, reviewPayment, test, type Person } from "./fixtures";

test.setTimeout(240_000);
const ELSEWHERE = "11155420";

const NAMES = { CAFE: "Café da Praia", SOL: "Padaria Sol", SURF: "Surf Shop Barra", FEIRA: "Feira da Lagoa" } as const;
type Symbol = keyof typeof NAMES;

const codeOf = async (db: Sql, symbol: Symbol) => (await db<{ short_code: string }[]>`SELECT short_code FROM stores WHERE symbol = ${symbol}`)[0]?.short_code ?? "";
const openSwitches = (page: Page) => page.getByText("Mudar", { exact: true }).click();
const dollarsOnly = (page: Page) => page.getByRole("switch", { name: /^Só dólares/ });

/** Rewards of these stores are real: earned by paying there, in dollars, or each next payment would spend them. The café's are the oldest. */
async function earn(page: Page, db: Sql) {
  for (const [symbol, reais] of [["CAFE", "110,00"], ["SOL", "120,00"], ["SURF", "66,00"]] as const) {
    await reviewPayment(page, await codeOf(db, symbol), reais);
    if (symbol !== "CAFE") {
      await openSwitches(page);
      await dollarsOnly(page).click();
      await expect(page.getByTestId("parts").getByRole("listitem")).toHaveCount(1);
    }
    await payButton(page).click();
    await paidCode(page);
  }
}

/** A person with rewards of three stores and dollars on two chains. */
async function makeRegular(page: Page, db: Sql, person: Person) {
  await giveDollars(db, person, 150);
  const { address } = await accountOf(db, person.userId, ELSEWHERE);
  await usdcFaucet({ client: clientOf(ELSEWHERE), chainId: ELSEWHERE, to: address, amountUsdMicros: 30_000_000n });
  await earn(page, db);
}

const partsOn = async (page: Page, testId = "parts") => (await page.getByTestId(testId).getByRole("listitem").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());
const centavosIn = (text: string) => BigInt(/R\$\s?([\d.]+),(\d\d)/.exec(text)?.slice(1).join("").replaceAll(".", "") ?? "0");
const axe = async (page: Page) => (await stillness(page), await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);

/** What the chain itself says that an account holds: dollars and the rewards of each store, by symbol. */
async function onChain(db: Sql, account: Address) {
  const client = clientOf(CHAIN);
  const tokens = await db<{ symbol: Symbol; token: Address }[]>`SELECT s.symbol, d.token_address AS token FROM stores s JOIN store_deployments d ON d.store_id = s.id WHERE d.chain_id = ${CHAIN} AND s.symbol IN ${db(Object.keys(NAMES))}`;
  const held = (token: Address) => client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [account] });
  const rewards = await Promise.all(tokens.map(async ({ symbol, token }) => [symbol, await held(token)] as const));
  return { dollars: await held(USDC[CHAIN]), rewards: Object.fromEntries(rewards) as Record<Symbol, bigint> };
}

type PartRow = { symbol: Symbol | null; amount: string; amount_usd: string };
async function lastPayment(db: Sql, userId: string) {
  const [row] = await db<{ amount_usd: string; reward: string; parts: PartRow[] }[]>`
    SELECT t.amount_usd::text, t.rewards_earned->>'amount' AS reward,
           (SELECT jsonb_agg(jsonb_build_object('symbol', s.symbol, 'amount', part->>'amount', 'amount_usd', part->>'amount_usd') ORDER BY place)
            FROM jsonb_array_elements(t.tokens_used) WITH ORDINALITY AS p (part, place) LEFT JOIN stores s ON s.id = (part->>'store_id')::uuid) AS parts
    FROM transactions t WHERE t.from_user_id = ${userId} AND t.status = 'confirmed' ORDER BY t.created_at DESC LIMIT 1`;
  if (!row) throw new Error("nothing was paid");
  return row;
}

/** Pays R$ 45,00 at the fourth store and holds every balance on the chain against what the payment says. */
async function payAtTheFourth(page: Page, db: Sql, userId: string, touch?: () => Promise<void>) {
  const account = (await accountOf(db, userId)).address;
  const before = await onChain(db, account);
  await payButton(page).click();
  await touch?.();
  await paidCode(page);
  const after = await onChain(db, account);
  const payment = await lastPayment(db, userId);
  const ofSymbol = (symbol: Symbol | null) => BigInt(payment.parts.find((part) => part.symbol === symbol)?.amount ?? 0);
  expect(before.dollars - after.dollars).toBe(ofSymbol(null));
  for (const symbol of ["CAFE", "SOL", "SURF"] as const) expect(before.rewards[symbol] - after.rewards[symbol]).toBe(ofSymbol(symbol));
  expect(after.rewards.FEIRA - before.rewards.FEIRA).toBe(BigInt(payment.reward));
  expect(payment.parts.reduce((sum, part) => sum + usdMicrosFromDecimal(part.amount_usd), 0n)).toBe(usdMicrosFromDecimal(payment.amount_usd));
  return payment;
}

test("A customer with rewards of three stores pays R$ 45,00 at a fourth store in three taps", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await makeRegular(page, db, person);
  const shortCode = await codeOf(db, "FEIRA");

  // What can be paid here counts the rewards: the whole of it is offered, not the dollars alone.
  await page.goto(`/p/${shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill("45,00");
  await page.getByRole("button", { name: "Continuar" }).click(); // One.
  await expect(payButton(page)).toHaveAccessibleName(/45,00/);
  const parts = await partsOn(page);
  expect(parts.map((part) => part.replace(/ R\$.*$/, ""))).toEqual([`${NAMES.CAFE} Recompensas`, `${NAMES.SOL} Recompensas`, `${NAMES.SURF} Recompensas`, expect.stringMatching(/^Dólares US\$/)]);
  expect(parts.reduce((sum, part) => sum + centavosIn(part.replace(/US\$ [\d,.]+/, "")), 0n)).toBe(4_500n);
  await expect(page.getByText("Usar recompensas não tem taxa")).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("review.png"), fullPage: true });

  const payment = await payAtTheFourth(page, db, person.userId); // Two: one tap less than allowed.
  expect(payment.parts.map(({ symbol }) => symbol)).toEqual(["CAFE", "SOL", "SURF", null]);
  const paid = await partsOn(page, "paid-parts");
  expect(paid.map(centavosIn).reduce((sum, part) => sum + part, 0n)).toBe(4_500n);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("paid.png"), fullPage: true });

  await page.getByRole("link", { name: "Comprovante" }).click();
  for (const name of [NAMES.CAFE, NAMES.SOL, NAMES.SURF]) await expect(page.getByText(`Recompensas de ${name}`)).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("receipt.png"), fullPage: true });
});

test("parts are switched off and on, also to dollars only, and the store sees one price", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await makeRegular(page, db, person);
  await reviewPayment(page, await codeOf(db, "FEIRA"), "45,00");
  const key = await page.locator('input[name="k"]').first().inputValue();

  await openSwitches(page);
  await page.getByRole("switch", { name: /^Usar Padaria Sol/ }).click();
  await expect(page.getByRole("switch", { name: /^Usar Padaria Sol/ })).not.toBeChecked();
  await expect(page.getByTestId("parts").getByText(NAMES.SOL)).toHaveCount(0);
  expect((await partsOn(page)).map((part) => part.split(" ")[0])).toEqual(["Café", "Surf", "Dólares"]);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("switches.png"), fullPage: true });

  await page.reload();
  expect((await partsOn(page)).map((part) => part.split(" ")[0])).toEqual(["Café", "Surf", "Dólares"]);
  await openSwitches(page);
  await page.getByRole("switch", { name: /^Usar Padaria Sol/ }).click();
  await expect(page.getByTestId("parts").getByText(NAMES.SOL)).toHaveCount(1);

  // By keyboard, too.
  await dollarsOnly(page).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("parts").getByRole("listitem")).toHaveCount(1);
  await expect(page.getByTestId("parts")).toContainText("Dólares");
  await page.screenshot({ path: test.info().outputPath("dollars-only.png"), fullPage: true });
  expect(await page.locator('input[name="k"]').first().inputValue()).toBe(key);

  const payment = await payAtTheFourth(page, db, person.userId);
  expect(payment.parts.map(({ symbol }) => symbol)).toEqual([null]);
  await expect(page.getByTestId("paid-parts")).toHaveCount(0);
});

test("this store's own rewards pay first, and can pay all of it", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await giveDollars(db, person, 50);
  const shortCode = await codeOf(db, "SURF");
  await pay(page, shortCode, "110,00");
  await reviewPayment(page, shortCode, "5,50");
  expect(await partsOn(page)).toEqual([expect.stringMatching(/^Surf Shop Barra Recompensas desta loja R\$ 5,50$/)]);
  // What is handed over earns nothing, and no fee is talked about.
  await expect(page.getByText(/Você ganha/)).toHaveCount(0);
  await payButton(page).click();
  await paidCode(page);
  await expect(page.getByTestId("paid-parts")).toContainText("Recompensas desta loja");
  await page.screenshot({ path: test.info().outputPath("own.png"), fullPage: true });
});

test("without a script the switches and the payment work all the same", async ({ browser, baseURL, viewport, page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await makeRegular(page, db, person);
  const plain = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, javaScriptEnabled: false });
  await signInAs(plain, person);
  const without = await plain.newPage();
  await reviewPayment(without, await codeOf(db, "FEIRA"), "45,00");
  await openSwitches(without);
  await without.getByRole("switch", { name: /^Usar Café da Praia/ }).click();
  await expect(without.getByTestId("parts").getByText(NAMES.CAFE)).toHaveCount(0);
  await payButton(without).click();
  await expect(without.getByRole("heading", { name: "Pago", exact: true })).toBeVisible({ timeout: 30_000 });
  const { parts } = await lastPayment(db, person.userId);
  expect(parts.map(({ symbol }) => symbol)).toEqual(["SOL", "SURF", null]);
  await plain.close();
});

test("more than dollars and rewards reach says what is missing", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await giveDollars(db, person, 30);
  await pay(page, await codeOf(db, "SURF"), "110,00");
  await page.goto(`/p/${await codeOf(db, "FEIRA")}`);
  // US$ 10 and US$ 2 of rewards; the sentence counts both, at the present rate.
  await page.getByLabel("Valor", { exact: true }).fill("990,00");
  await expect(page.getByText(/Seu saldo não chega/)).toBeVisible();
  await expect(page.getByText(/Faltam R\$/)).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("insufficient.png"), fullPage: true });
});

test("the same for an account of one's own: one touch signs every part", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await Authenticator.attach(page);
  await makeRegular(page, db, person);
  await addPasskey(page);
  await stepUp(db, person.userId);
  await beginTakeover(page);
  await choosePasskey(page);
  await chooseWords(page);
  await confirmTakeover(page);
  await untilOnlyYou(page);

  await reviewPayment(page, await codeOf(db, "FEIRA"), "45,00");
  expect(await partsOn(page)).toHaveLength(4);
  const payment = await payAtTheFourth(page, db, person.userId);
  expect(payment.parts.map(({ symbol }) => symbol)).toEqual(["CAFE", "SOL", "SURF", null]);
});
