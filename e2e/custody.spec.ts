import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Authenticator } from "./authenticator";
import { accountAccepts, accountOf, BOTH_CHAINS, PLANTED, plantedOn, plantPermissions, serverKeyOf, signersOn, spellingsOf } from "./custody-chain";
import { addPasskey, ALMOST, beginTakeover, choosePasskey, chooseWallet, chooseWords, confirmTakeover, keyOfPrfOutput, ONLY_YOU, overhear, stateOf, stepUp, untilOnlyYou, userIdOf } from "./custody-pages";
import { expect, giveDollars, newPhone, paidCode, pay, payButton, paymentsOf, reviewPayment, signInByPhone, stackVariable, test } from "./fixtures";
import { TestWallet } from "./test-wallet";
import { addressOfOwnerKey } from "@/lib/chain/owner-key";

const NONE = { allowance: 0n, permission: 0n };

test.setTimeout(240_000);

test("from a phone to a key of one's own: sign up, pay, passkey, autofill, take over on both chains, pay with one touch", async ({ page, sampleStore, db }) => {
  const phone = newPhone();
  const heard = await overhear(page);
  await Authenticator.attach(page);
  await signInByPhone(page, phone);
  const userId = await userIdOf(db, phone);
  await expect.poll(() => accountOf(db, userId).catch(() => null)).not.toBeNull();
  await giveDollars(db, { userId }, 60);
  await pay(page, sampleStore.shortCode, "10,00");

  await addPasskey(page);
  await page.goto("/profile");
  await page.getByRole("button", { name: "Sair" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/profile"));
  await page.goto("/login");
  // The browser's own suggestion on the phone field: nothing is tapped.
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));

  const account = await accountOf(db, userId);
  const serverKey = await serverKeyOf(db, userId);
  for (const chainId of BOTH_CHAINS) {
    await plantPermissions(chainId, account);
    expect(await plantedOn(chainId, account.address)).toEqual(PLANTED);
    expect(await accountAccepts(chainId, account.address, serverKey)).toBe(true);
  }

  await beginTakeover(page);
  await choosePasskey(page);
  // A reload in between keeps the choice.
  await page.reload();
  await expect(page.getByRole("heading", { name: "Escolha o segundo dono" })).toBeVisible();
  const words = await chooseWords(page);
  await page.goBack();
  await page.goForward();
  await confirmTakeover(page);
  await untilOnlyYou(page);

  const owners = (await db<{ address: string }[]>`SELECT address FROM account_owners WHERE user_id = ${userId}`).map(({ address }) => address).toSorted();
  const [passkey] = await db<{ address: string }[]>`SELECT derived_address AS address FROM passkeys WHERE user_id = ${userId}`;
  expect(owners).toContain(passkey?.address);
  for (const chainId of BOTH_CHAINS) {
    expect(await signersOn(chainId, account.address)).toEqual(owners);
    expect(await plantedOn(chainId, account.address)).toEqual(NONE);
    expect(await accountAccepts(chainId, account.address, serverKey)).toBe(false);
  }
  expect(await db`SELECT 1 FROM signing_keys WHERE user_id = ${userId} AND is_active`).toHaveLength(0);

  // One tap, one touch, the same paid moment, signed by the same derived key after a reload.
  await reviewPayment(page, sampleStore.shortCode, "12,00");
  await payButton(page).click();
  await paidCode(page);
  const after = await accountOf(db, userId);
  expect(after.address).toBe(account.address);

  expect(heard.prfOutputs.length).toBeGreaterThan(0);
  const log = heard.sent.join("\n");
  for (const prf of heard.prfOutputs) {
    const key = keyOfPrfOutput(prf);
    expect(addressOfOwnerKey(key)).toBe(passkey?.address);
    for (const spelling of [...spellingsOf(prf), ...spellingsOf(key)]) expect(log.includes(spelling)).toBe(false);
  }
  for (const secret of [words.join(" "), words.join("+"), words.join("%20"), words.slice(0, 4).join(" ")]) expect(log.includes(secret)).toBe(false);
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toMatch(new RegExp(words.slice(3, 6).join("\\W+")));
});

test("an account that never moved is taken over by a wallet and printed words, and the wallet signs each payment", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 50 });
  const wallet = new TestWallet({ name: "Carteira da Clara" });
  await wallet.install(context);
  await signInAs(context, payer);
  const account = await accountOf(db, payer.userId);
  const serverKey = await serverKeyOf(db, payer.userId);
  expect(await signersOn("84532", account.address)).toBeNull();

  await stepUp(db, payer.userId);
  await beginTakeover(page);
  await chooseWallet(page, wallet.name);
  await chooseWords(page);
  await confirmTakeover(page);
  await untilOnlyYou(page);
  for (const chainId of BOTH_CHAINS) {
    expect(await signersOn(chainId, account.address)).toContain(wallet.address);
    expect(await accountAccepts(chainId, account.address, serverKey)).toBe(false);
  }

  await reviewPayment(page, sampleStore.shortCode, "9,00");
  await payButton(page).click();
  await paidCode(page);
  expect(wallet.asked.filter((method) => method === "eth_signTypedData_v4")).toHaveLength(1);
});

test("one chain is away: half is done and says so, and is finished by a retry", async ({ page, context, newPerson, signInAs, db }) => {
  const payer = await newPerson();
  const wallet = new TestWallet({});
  await wallet.install(context);
  await signInAs(context, payer);
  const account = await accountOf(db, payer.userId);
  await stepUp(db, payer.userId);
  const processes = JSON.parse(readFileSync(join(stackVariable("E2E_DATA_DIR"), "processes.json"), "utf8")) as { name: string; pid: number }[];
  const away = processes.find(({ name }) => name === "chain 11155420")?.pid;
  if (!away) throw new Error("There is no second chain");

  await beginTakeover(page);
  await chooseWallet(page, wallet.name);
  await chooseWords(page);
  process.kill(away, "SIGSTOP");
  try {
    await confirmTakeover(page);
    await expect(stateOf(page)).toHaveText(ALMOST, { timeout: 90_000 });
    await page.reload();
    await expect(stateOf(page)).toHaveText(ALMOST);
    await expect(page.getByText("1 de 2 partes prontas")).toBeVisible();
    await expect(page.getByRole("button", { name: "Terminar agora" })).toBeVisible({ timeout: 60_000 });
  } finally {
    process.kill(away, "SIGCONT");
  }
  await page.getByRole("button", { name: "Terminar agora" }).click();
  await untilOnlyYou(page);
  for (const chainId of BOTH_CHAINS) expect(await signersOn(chainId, account.address)).toContain(wallet.address);
});

test("a dismissed touch leaves a payment that waits; the last owner stays; the second owner pays when the first passkey is gone", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 50 });
  await signInAs(context, payer);
  const authenticator = await Authenticator.attach(page);
  await addPasskey(page);
  await stepUp(db, payer.userId);
  await beginTakeover(page);
  await choosePasskey(page);
  const words = await chooseWords(page);
  await confirmTakeover(page);
  await untilOnlyYou(page);

  await reviewPayment(page, sampleStore.shortCode, "8,00");
  // A finger refused at the virtual authenticator locks it for good, so the dismissal is what a page sees of one; the reload ends it.
  await page.evaluate(() => {
    navigator.credentials.get = () => Promise.reject(new DOMException("dismissed", "NotAllowedError"));
  });
  await payButton(page).click();
  await expect(page.getByRole("heading", { name: "Falta sua confirmação" })).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(page.getByText(/^Você tem \d:\d\d para confirmar/)).toBeVisible();
  await page.getByRole("button", { name: "Confirmar com a chave de acesso" }).click();
  await paidCode(page);
  expect(await paymentsOf(db, payer.userId)).toMatchObject([{ status: "confirmed" }]);

  // The first passkey is gone from the device: the printed words pay.
  for (const { credentialId } of await authenticator.credentials()) await authenticator.forget(credentialId);
  await db`DELETE FROM passkeys WHERE user_id = ${payer.userId}`;
  await reviewPayment(page, sampleStore.shortCode, "6,00");
  await payButton(page).click();
  await page.getByLabel("Suas 12 palavras, na ordem").fill(words.map((word, index) => (index === 2 ? "casaa" : word)).join(" "));
  await page.getByRole("button", { name: "Confirmar", exact: true }).click();
  await expect(page.getByText("A palavra 3, “casaa”, não está na lista")).toBeVisible();
  await page.getByLabel("Suas 12 palavras, na ordem").fill(words.join(" "));
  await page.getByRole("button", { name: "Confirmar", exact: true }).click();
  await paidCode(page);

  // The passkey's owner goes, signed by the words; the words alone can't go.
  await stepUp(db, payer.userId);
  await page.goto("/security/custody");
  await page.getByRole("button", { name: /^Remover: Chave|^Remover: (?!12)/ }).first().click();
  await page.getByRole("button", { name: "Remover dono" }).click();
  await page.getByRole("button", { name: "Usar as 12 palavras" }).click({ timeout: 30_000 });
  await page.getByLabel("Suas 12 palavras, na ordem").fill(words.join(" "));
  await page.getByRole("button", { name: "Confirmar", exact: true }).click();
  await expect(page.getByTestId("owners").getByRole("listitem")).toHaveCount(1, { timeout: 60_000 });
  await expect(stateOf(page)).toHaveText(ONLY_YOU, { timeout: 30_000 });
  await page.getByRole("button", { name: /^Remover: / }).click();
  await page.getByRole("button", { name: "Remover dono" }).click();
  await expect(page.getByText("Este é o último dono da conta e não pode sair.")).toBeVisible();
  const account = await accountOf(db, payer.userId);
  for (const chainId of BOTH_CHAINS) expect(await signersOn(chainId, account.address)).toHaveLength(1);
});

test("a copy of the managed key is sealed to this page and shown behind one more tap", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  const sent: string[] = [];
  page.on("response", (response) => void response.text().then((text) => sent.push(text), () => undefined));
  await signInAs(context, person);
  await stepUp(db, person.userId);
  const key = await serverKeyOf(db, person.userId);
  await page.goto("/security/custody/export");
  await page.getByRole("button", { name: "Pedir a chave" }).click();
  await expect(page.getByTestId("account-key")).toHaveCount(0);
  await page.getByRole("button", { name: "Mostrar a chave" }).click();
  await expect(page.getByTestId("account-key")).toHaveText(`0x${Buffer.from(key).toString("hex")}`);
  await page.getByRole("button", { name: "Apagar da tela" }).click();
  await expect(page.getByTestId("account-key")).toHaveCount(0);
  for (const spelling of spellingsOf(key)) expect(sent.join("\n").includes(spelling)).toBe(false);
});
