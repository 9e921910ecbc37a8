import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { Sql } from "postgres";
import { v7 } from "uuid";
import { expect, type Person } from "./fixtures";

/** A store of one person with members, as the database sees it: its team needs no chain. */
export async function openTeamStore(db: Sql, owner: Person, members: { person: Person; role: "admin" | "staff" }[] = [], name = "Quiosque do Nando"): Promise<string> {
  const storeId = v7();
  const word = storeId.slice(-8).replace(/\d/g, (digit) => "ABCDEFGHIJ"[Number(digit)]!).toUpperCase();
  await db`INSERT INTO stores (id, name, symbol, category, address, deployment_status, short_code, reward_rate_bps, starts_at, time_zone, qr_version)
    VALUES (${storeId}, ${name}, ${word}, 'cafe', 'Barra da Lagoa', 'pending', ${word.slice(0, 6)}, 500, now(), 'America/Sao_Paulo', 1)`;
  await db`INSERT INTO store_codes (short_code, store_id) VALUES (${word.slice(0, 6)}, ${storeId})`;
  await db`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${owner.userId}, 'owner', now())`;
  for (const { person, role } of members) await db`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${person.userId}, ${role}, now())`;
  return storeId;
}

/** What a passkey's signature leaves in the session: other journeys walk the signing itself. */
export const confirmSession = (db: Sql, sessionId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE id = ${sessionId}`;

/** The newest text message to a phone that matches, by the page that outside checks use. */
export async function textTo(page: Page, phone: string, matching: RegExp): Promise<string> {
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

export const invitationIn = (message: string) => /\/invite\/[\w-]+/.exec(message)?.[0] ?? "";

/** Invites a phone through the page's dialog. */
export async function invite(page: Page, phone: string, role: "Equipe" | "Admin" = "Equipe") {
  await page.getByRole("button", { name: "Convidar", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Convidar para a equipe" });
  await dialog.getByLabel("Celular", { exact: true }).fill(phone);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Enviar convite" }).click();
  await expect(dialog).toHaveCount(0);
}

/** Another browser of the same size. */
export async function another(browser: Browser, { baseURL, viewport }: { baseURL: string | undefined; viewport: { width: number; height: number } | null }): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  return { context, page: await context.newPage() };
}

/** Types a PIN on the pad's own keys. */
export async function typePin(page: Page, pin: string) {
  const keys = page.getByRole("group", { name: "Teclado" });
  for (const digit of pin) await keys.getByRole("button", { name: digit, exact: true }).click();
}
