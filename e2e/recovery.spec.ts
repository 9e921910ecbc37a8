import AxeBuilder from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import type { Sql } from "postgres";
import { v7 } from "uuid";
import { expect, test, type Person } from "./fixtures";

const DAYS_MS = 86_400_000;

async function expectAccessible(page: Page, what: string) {
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}

/** A deployed store of one person, as the database sees it. */
async function openStore(db: Sql, { userId }: Person, name: string): Promise<string> {
  const storeId = v7();
  const word = storeId.slice(-8).replace(/\d/g, (digit) => "ABCDEFGHIJ"[Number(digit)]!).toUpperCase();
  await db`INSERT INTO stores (id, name, symbol, category, address, deployment_status, short_code, reward_rate_bps, starts_at, time_zone, qr_version)
    VALUES (${storeId}, ${name}, ${word}, 'cafe', 'Barra da Lagoa', 'pending', ${word.slice(0, 6)}, 500, now(), 'America/Sao_Paulo', 1)`;
  await db`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${userId}, 'owner', now())`;
  return storeId;
}

/** What a passkey's signature leaves in the session: other journeys walk the signing itself. */
const confirm = (db: Sql, sessionId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE id = ${sessionId}`;

/** Days pass without this person, on every device. */
async function leave(db: Sql, { userId }: Person, days: number) {
  await db`UPDATE users SET last_active_at = now() - make_interval(days => ${days}) WHERE id = ${userId}`;
  await db`UPDATE sessions SET last_seen_at = now() - make_interval(days => ${days}) WHERE user_id = ${userId}`;
}

async function watch(db: Sql, until: () => Promise<boolean>) {
  await db`SELECT enqueue_job('recovery.watch', '{}'::json, ${`recovery.watch:${v7()}`}, now())`;
  await expect.poll(until, { message: "the worker looks at absences", timeout: 20_000 }).toBe(true);
}
const noticesOf = async (db: Sql, { userId }: Person, kind: string) => (await db`SELECT 1 FROM notices WHERE user_id = ${userId} AND kind = ${kind}`).length;

async function sentTo(page: Page, phone: string, matching: RegExp): Promise<string> {
  let found = "";
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/sandbox/messages?to=${encodeURIComponent(phone)}`);
      found = ((await answer.json()) as { body: string }[]).map(({ body }) => body).find((body) => matching.test(body)) ?? "";
      return found;
    })
    .toMatch(matching);
  return found;
}

/** From nobody named to accepted, through both people's pages. */
async function nameBackup(owner: Page, backup: Page, backupPerson: Person) {
  await owner.goto("/security/recovery");
  await owner.getByLabel("Celular de reserva", { exact: true }).fill(backupPerson.phone);
  await owner.getByRole("button", { name: "Enviar convite" }).click();
  await expect(owner.getByRole("heading", { name: "Convite enviado" })).toBeVisible();
  const link = /https?:\/\/\S+\/backup\/([\w-]+)/.exec(await sentTo(owner, backupPerson.phone, /\/backup\//));
  await backup.goto(`/backup/${link?.[1]}`);
  await backup.getByRole("button", { name: "Aceitar" }).click();
  await expect(backup.getByText("Pronto.")).toBeVisible();
  return link?.[1] ?? "";
}

test("a backup phone is asked, answers with that very phone alone, and can be removed", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(180_000);
  const owner = await newPerson({ name: "Marina Souza" });
  const session = await signInAs(context, owner);
  await page.goto("/security/recovery");
  await expectAccessible(page, "nobody named");
  await page.getByLabel("Celular de reserva", { exact: true }).fill(owner.phone);
  await page.getByRole("button", { name: "Enviar convite" }).click();
  await expect(page.getByText("Escolha o telefone de outra pessoa.")).toBeVisible();

  // Without a passkey there is no shorter way than the wait.
  const friend = await newPerson({ name: "Davi Lima" });
  await page.getByLabel("Celular de reserva", { exact: true }).fill(friend.phone);
  await page.getByRole("button", { name: "Enviar convite" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  expect(await db`SELECT 1 FROM backup_requests WHERE user_id = ${owner.userId}`).toHaveLength(0);

  await confirm(db, session);
  await page.reload();
  await page.getByLabel("Celular de reserva", { exact: true }).fill(friend.phone);
  await page.getByRole("button", { name: "Enviar convite" }).click();
  await expect(page.getByRole("heading", { name: "Convite enviado" })).toBeVisible();
  await expectAccessible(page, "asked");
  const link = /\/backup\/([\w-]+)/.exec(await sentTo(page, friend.phone, /^CocoPay: Marina .*\/backup\//))?.[0] ?? "";

  const others = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  const other = await others.newPage();
  await other.goto(link);
  await expect(other.getByRole("heading", { name: "Marina quer você como reserva" })).toBeVisible();
  await expect(other.getByText(`termina em ${friend.phone.slice(-2)}`)).toBeVisible();
  await expect(other.getByRole("button", { name: "Aceitar" })).toHaveCount(0);
  await expectAccessible(other, "invitation, stranger");
  await signInAs(others, await newPerson({ name: "Rita" }));
  await other.reload();
  await expect(other.getByText("Você entrou com outro celular.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Aceitar" })).toHaveCount(0);
  await others.clearCookies();
  await signInAs(others, friend);
  await other.goto(link);
  await expectAccessible(other, "invitation, asked");
  await other.getByRole("button", { name: "Aceitar" }).click();
  await expect(other.getByText("Você é a reserva de Marina.")).toBeVisible();
  await other.goto(link);
  await expect(other.getByRole("heading", { name: "Este convite não vale mais" })).toBeVisible();
  await other.goto("/security/recovery");
  await expect(other.getByRole("link", { name: /Marina/ })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Seu celular de reserva" })).toBeVisible();
  await expectAccessible(page, "accepted");
  await page.getByRole("button", { name: "Remover celular de reserva" }).click();
  await expect(page.getByRole("heading", { name: "Se você sumir, quem cuida das suas lojas?" })).toBeVisible();
  await sentTo(page, friend.phone, /nao e mais/);
  await others.close();
});

test("an invitation can be declined without an account", async ({ page, context, browser, baseURL, db, newPerson, signInAs }) => {
  const owner = await newPerson({ name: "Marina Souza" });
  await confirm(db, await signInAs(context, owner));
  const phone = `+55489${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
  await page.goto("/security/recovery");
  await page.getByLabel("Celular de reserva", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "Enviar convite" }).click();
  const link = /\/backup\/[\w-]+/.exec(await sentTo(page, phone, /\/backup\//))?.[0] ?? "";
  const strangers = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  const stranger = await strangers.newPage();
  await stranger.goto(link);
  await stranger.getByRole("button", { name: "Não quero" }).click();
  await expect(stranger.getByText("Avisamos que você não quer.")).toBeVisible();
  await strangers.close();
  expect(await db`SELECT 1 FROM users WHERE phone = ${phone}`).toHaveLength(0);
  await page.reload();
  await expect(page.getByText("não aceitou o convite")).toBeVisible();
});

test("warnings, a claim that a sign-in ends, and one that is done", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(240_000);
  const owner = await newPerson({ name: "Marina Souza" });
  const friend = await newPerson({ name: "Davi Lima" });
  const storeId = await openStore(db, owner, "Quiosque do Sol");
  const friends: BrowserContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  const backup = await friends.newPage();
  await confirm(db, await signInAs(context, owner));
  await signInAs(friends, friend);
  await nameBackup(page, backup, friend);
  const [request] = await db<{ id: string }[]>`SELECT id FROM backup_requests WHERE user_id = ${owner.userId}`;
  const claimPage = `/security/recovery/${request?.id}`;

  const absent = async () => {
    // An open page hears of its notices and looks again, which is a visit; what it asked for last may still be on its way.
    await page.goto("about:blank");
    await page.waitForTimeout(2_000);
    for (const day of [60, 75, 90] as const) {
      await leave(db, owner, day);
      const before = await noticesOf(db, owner, `inactivity_${day}`);
      await watch(db, async () => (await noticesOf(db, owner, `inactivity_${day}`)) === before + 1);
      await sentTo(page, owner.phone, new RegExp(`faz ${day} dias`));
      await backup.goto(claimPage);
      await expect(backup.getByRole("button", { name: "Pedir as lojas" })).toHaveCount(day === 90 ? 1 : 0);
      if (day < 90) await expect(backup.getByText("Quiosque do Sol")).toHaveCount(0);
    }
  };
  await absent();
  await sentTo(page, friend.phone, /reserva de alguem/);
  await expect(backup.getByText("Quiosque do Sol")).toBeVisible();
  await expect(backup.getByText("O dinheiro pessoal de Marina fica onde está.")).toBeVisible();
  await expectAccessible(backup, "claim");
  await backup.getByRole("button", { name: "Pedir as lojas" }).click();
  await expect(backup.getByText(/Quiosque do Sol passa para você em/)).toBeVisible();
  await expectAccessible(backup, "claimed");
  await sentTo(page, owner.phone, /pediu suas lojas/);

  // The owner opens any page on a device that is signed in still.
  await page.goto("/");
  await expect.poll(() => noticesOf(db, friend, "recovery_cancelled")).toBe(1);
  await backup.goto(claimPage);
  await expect(backup.getByRole("heading", { name: "Nada a fazer agora" })).toBeVisible();
  await page.goto("/security/recovery");
  await expect(page.getByText(/O pedido de Quiosque do Sol acabou/)).toBeVisible();

  await absent();
  await backup.getByRole("button", { name: "Pedir as lojas" }).click();
  await expect(backup.getByText(/Quiosque do Sol passa para você em/)).toBeVisible();
  await watch(db, async () => true);
  expect(await db`SELECT user_id FROM store_members WHERE store_id = ${storeId} AND role = 'owner'`).toEqual([{ user_id: owner.userId }]);
  await db`UPDATE recovery_claims SET claimed_at = claimed_at - interval '7 days', claimable_at = ${new Date(Date.now() - DAYS_MS / 24)} WHERE user_id = ${owner.userId} AND completed_at IS NULL AND cancelled_at IS NULL`;
  await watch(db, async () => (await noticesOf(db, owner, "recovery_done")) === 1);
  expect(await db`SELECT user_id, role FROM store_members WHERE store_id = ${storeId} ORDER BY role`).toEqual([
    { user_id: friend.userId, role: "owner" },
    { user_id: owner.userId, role: "admin" },
  ]);
  await backup.goto(claimPage);
  await expect(backup.getByText("Quiosque do Sol é sua agora.")).toBeVisible();
  await backup.getByRole("link", { name: /Quiosque do Sol/ }).click();
  await expect(backup).toHaveURL(new RegExp(`/stores/${storeId}`));
  await page.goto("/security/recovery");
  await expect(page.getByText(/Quiosque do Sol passou para seu celular de reserva/)).toBeVisible();
  await friends.close();
});

test("nobody else opens a claim", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson());
  for (const id of [v7(), "not-an-id"]) expect((await page.goto(`/security/recovery/${id}`))?.status()).toBe(404);
});
