import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, newPhone, sentCode, test, typeCode } from "./fixtures";
import { newTestWallet, TestWallet } from "./test-wallet";

async function expectAccessible(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}

const choose = (page: Page, wallet: TestWallet) => page.getByRole("list", { name: "Escolha a carteira" }).getByRole("button", { name: wallet.name }).click();
const short = ({ address }: TestWallet) => `${address.slice(0, 6)}…${address.slice(-4)}`;

/** From the sign-in page to the wallet's, by its quiet link. */
async function openWalletSignIn(page: Page) {
  await page.goto("/login");
  await page.getByRole("link", { name: "Entrar com carteira" }).click();
  await expect(page.getByRole("heading", { name: "Entrar com carteira" })).toBeVisible();
}

async function verifyPhone(page: Page, phone: string) {
  await page.getByLabel("Celular", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("heading", { name: "Digite o código" })).toBeVisible();
  await typeCode(page, await sentCode(page, phone));
}

test("a new wallet verifies a phone once, then signs in by itself, confirms, and is unlinked", async ({ page, context, db }) => {
  const wallet = await newTestWallet();
  await wallet.install(context);
  const phone = newPhone();

  await openWalletSignIn(page);
  await expectAccessible(page, "wallet sign-in");
  await choose(page, wallet);
  await expect(page.getByRole("heading", { name: "Qual é o seu celular?" })).toBeVisible();
  // Whoever stands before the phone sees which wallet will come with it.
  await expect(page.getByText(short(wallet))).toBeVisible();
  await expectAccessible(page, "phone of a wallet");
  await verifyPhone(page, phone);
  await page.getByLabel("Como você se chama?").fill("Clara Nunes");
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  expect(wallet.texts).toHaveLength(1);
  expect(wallet.texts[0]).toMatch(/^localhost:\d+ wants you to sign in with your Ethereum account:\n0x[0-9a-fA-F]{40}\n\nEntrar na CocoPay com esta carteira\.\n/);

  const linked = () => db<{ phone: string }[]>`SELECT u.phone FROM wallets w JOIN users u ON u.id = w.user_id WHERE w.address = ${wallet.address}`;
  expect(await linked()).toEqual([{ phone }]);

  await page.goto("/profile");
  await page.getByRole("button", { name: "Sair" }).click();
  await page.waitForURL((url) => url.pathname === "/login");
  await openWalletSignIn(page);
  // The wallet is still connected here: one signature is all.
  await page.getByRole("button", { name: "Assinar e entrar" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  expect(await db`SELECT s.auth_method FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = ${phone} ORDER BY s.created_at DESC LIMIT 1`).toEqual([{ auth_method: "wallet" }]);

  // Through the app's own links: the wallet's page takes care of its policy by itself.
  await page.goto("/security");
  await page.getByRole("link", { name: /Carteiras/ }).click();
  await expect(page.getByRole("heading", { name: "Carteiras", level: 1 })).toBeVisible();
  const card = page.getByRole("article");
  await expect(card).toHaveCount(1);
  await expectAccessible(page, "wallets");
  await card.getByText("Mudar o nome").click();
  await card.getByLabel("Nome da carteira").fill("Minha MetaMask");
  await card.getByRole("button", { name: "Salvar" }).click();
  await expect(card.getByRole("heading", { name: "Minha MetaMask" })).toBeVisible();

  await card.getByRole("button", { name: "Desligar" }).click();
  const dialog = page.getByRole("dialog", { name: "Desligar esta carteira?" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, "unlink");
  await dialog.getByRole("button", { name: "Desligar" }).click();
  const confirm = page.getByRole("dialog", { name: "Confirme que é você" });
  // Refused in the wallet: nothing happened, and it can be tried again.
  await confirm.getByRole("button", { name: "Confirmar com a carteira" }).click();
  await expect(confirm.getByText(short(wallet))).toBeVisible();
  wallet.isRejecting = true;
  await confirm.getByRole("button", { name: "Confirmar com a carteira" }).click();
  await expect(confirm.getByText("Você recusou na carteira. Nada foi feito.")).toBeVisible();
  await expectAccessible(page, "confirm by wallet");
  expect(await linked()).toHaveLength(1);
  wallet.isRejecting = false;
  await confirm.getByRole("button", { name: "Confirmar com a carteira" }).click();
  await expect(page.getByText("Nenhuma carteira ligada")).toBeVisible();
  expect(await linked()).toHaveLength(0);
});

test("a person links a wallet in Security, and it is the second factor after a day", async ({ page, context, db, newPerson, signInAs }) => {
  const wallet = await newTestWallet({ name: "Rabby" });
  await wallet.install(context);
  const person = await newPerson();
  await db`UPDATE users SET created_at = now() - interval '30 days' WHERE id = ${person.userId}`;
  await signInAs(context, person);
  await page.goto("/security/wallets");
  await expect(page.getByText("Nenhuma carteira ligada")).toBeVisible();
  await expectAccessible(page, "no wallets");
  await page.getByRole("button", { name: "Ligar uma carteira" }).click();
  await choose(page, wallet);
  const card = page.getByRole("article", { name: "Rabby" });
  await expect(card).toBeVisible();
  await expect(card.getByText(/Confirma o que é importante daqui a/)).toBeVisible();
  expect(wallet.texts[0]).toContain("\nLigar esta carteira na minha conta CocoPay.\n");

  await card.getByRole("button", { name: "Desligar" }).click();
  await page.getByRole("dialog", { name: "Desligar esta carteira?" }).getByRole("button", { name: "Desligar" }).click();
  const confirm = page.getByRole("dialog", { name: "Confirme que é você" });
  await confirm.getByRole("button", { name: "Confirmar com a carteira" }).click();
  await choose(page, wallet);
  await expect(confirm.getByText(/Seu pedido foi recebido\. Você pode continuar em/)).toBeVisible();

  await db`UPDATE wallets SET created_at = now() - interval '25 hours' WHERE address = ${wallet.address}`;
  await confirm.getByRole("button", { name: "Confirmar com a carteira" }).click();
  await expect(page.getByText("Nenhuma carteira ligada")).toBeVisible();
});

test("the only wallet that can move the money cannot be unlinked", async ({ page, context, db, newPerson, signInAs }) => {
  const wallet = await newTestWallet();
  await wallet.install(context);
  const person = await newPerson();
  const sessionId = await signInAs(context, person);
  await page.goto("/security/wallets");
  await page.getByRole("button", { name: "Ligar uma carteira" }).click();
  await choose(page, wallet);
  await expect(page.getByRole("article")).toBeVisible();
  await db`UPDATE smart_accounts SET custody_status = 'self_custody' WHERE user_id = ${person.userId}`;
  await db`INSERT INTO account_signers (user_id, chain_id, address) SELECT ${person.userId}, chain_id, ${wallet.address} FROM smart_accounts WHERE user_id = ${person.userId}`;
  await db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'wallet' WHERE id = ${sessionId}`;
  await page.reload();
  await expect(page.getByRole("article").getByText("Movimenta o dinheiro")).toBeVisible();
  await page.getByRole("button", { name: "Desligar" }).click();
  const dialog = page.getByRole("dialog", { name: "Desligar esta carteira?" });
  await dialog.getByRole("button", { name: "Desligar" }).click();
  await expect(dialog.getByText("Este é seu último jeito de entrar. Adicione outro antes de remover.")).toBeVisible();
  expect(await db`SELECT count(*)::int AS n FROM wallets WHERE address = ${wallet.address}`).toEqual([{ n: 1 }]);
});

test("a code does not bring a second wallet into an account that has one", async ({ page, context, db, newPerson }) => {
  const wallet = await newTestWallet();
  await wallet.install(context);
  const person = await newPerson();
  const first = new TestWallet({}).address;
  await db`INSERT INTO wallets (id, user_id, address, chain_id, is_contract) VALUES (gen_random_uuid(), ${person.userId}, ${first}, '84532', false)`;
  await openWalletSignIn(page);
  await choose(page, wallet);
  await verifyPhone(page, person.phone);
  await page.waitForURL((url) => url.pathname === "/security/wallets");
  await expect(page.getByText("Sua conta já tem outra forma de confirmar", { exact: false })).toBeVisible();
  expect(await db`SELECT address FROM wallets WHERE user_id = ${person.userId}`).toEqual([{ address: first }]);
});

test("refused in the wallet, another account in the wallet, and no wallet at all", async ({ page, context, browser, baseURL, viewport }) => {
  const wallet = await newTestWallet();
  await wallet.install(context);
  await openWalletSignIn(page);
  wallet.isRejecting = true;
  await choose(page, wallet);
  await expect(page.getByText("Você recusou na carteira. Nada foi feito.")).toBeVisible();
  await expectAccessible(page, "refused");
  wallet.isRejecting = false;
  await choose(page, wallet);
  await expect(page.getByRole("heading", { name: "Qual é o seu celular?" })).toBeVisible();

  await page.goto("/login/wallet");
  await expect(page.getByText(short(wallet))).toBeVisible();
  await wallet.changeAccount();
  await expect(page.getByText(short(wallet))).toBeVisible();

  const bare = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  const empty = await bare.newPage();
  await openWalletSignIn(empty);
  await expect(empty.getByText("Nenhuma carteira neste navegador")).toBeVisible();
  await expect(empty.getByRole("button", { name: /Base/ })).toBeVisible();
  await expectAccessible(empty, "no wallet");
  await empty.getByRole("link", { name: "Entrar com o celular" }).click();
  await expect(empty.getByRole("heading", { name: "Qual é o seu celular?" })).toBeVisible();
  await bare.close();
});

test("pages without wallets fetch nothing of them", async ({ page, context, newPerson, signInAs, sampleStore }) => {
  const wallet = await newTestWallet();
  await wallet.install(context);
  const scripts: string[] = [];
  page.on("response", (response) => {
    if (/\/_next\/static\/.*\.js/.test(response.url())) void response.text().then((text) => scripts.push(text), () => undefined);
  });
  // Words that only the libraries have: the question for wallets, the two makers' hosts.
  const traces = () => scripts.filter((text) => /eip6963:requestProvider|relay\.walletconnect|keys\.coinbase\.com/.test(text)).length;
  await signInAs(context, await newPerson());
  for (const path of ["/", "/activity", "/profile", "/security", `/p/${sampleStore.shortCode}`]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle", { timeout: 5_000 }).catch(() => undefined);
    expect(traces(), path).toBe(0);
  }
  expect(scripts.length).toBeGreaterThan(3);
  expect(wallet.asked).toEqual([]);
  await page.goto("/security/wallets");
  await expect.poll(traces).toBeGreaterThan(0);
});
