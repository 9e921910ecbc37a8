import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { db, sql } from "@/db/client";
import { action } from "@/lib/action";
import { sendSignInCode } from "@/lib/auth/send-sign-in-code";
import { endSession, optionalActor, requireActor, startSession, tillActor } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { newId } from "@/lib/ids";
import { currentSeller } from "./current-seller";
import { fakeRequest, resetFakeRequest } from "@/lib/test/fake-request";
import { setPin } from "./set-pin";
import { lockTill, shareTill, unlockTill, unshareTill } from "./share-till";
import { acceptInvitation } from "./answer-invitation";
import { inviteMember } from "./invite-member";
import { handOverStore, leaveTeam, removeMember } from "./change-member";

vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());
// Before the first connection of this file: everything here runs with the web process's own rights.
vi.hoisted(() => {
  process.env["DATABASE_ROLE"] = "cocopay_web";
});

let phones = 0;
let storeId: string;
/** The owner's own session on the counter's device. */
beforeEach(async () => {
  await signIn();
  const { userId } = await requireActor();
  storeId = newId();
  const code = storeId.slice(-6).toUpperCase();
  await sql`INSERT INTO stores (id, name, symbol, category, short_code, reward_rate_bps, starts_at, time_zone, qr_version, deployment_status) VALUES (${storeId}, 'Café da Praia', ${`S${storeId.slice(-8).replace(/\d/g, "X").toUpperCase()}`}, 'cafe', ${code}, 500, now(), 'America/Sao_Paulo', 1, 'pending')`;
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${userId}, 'owner', now())`;
});
async function signIn() {
  resetFakeRequest({ "x-path": "/" });
  const phone = `+55489${String(60_000_000 + (phones += 1))}`;
  const visitor = await readVisitor();
  await sendSignInCode(visitor, { phone });
  const [message] = await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY id DESC LIMIT 1`;
  await startSession(visitor, { phone, code: message!.body.slice(-6) });
}
/** The same browser asks for another page. */
function goTo(path: string) {
  const cookies = new Map(fakeRequest.cookies);
  resetFakeRequest({ "x-path": path });
  for (const [name, value] of cookies) fakeRequest.cookies.set(name, value);
}
const redirectOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof Error && "digest" in error ? String(error.digest).split(";")[2] : error),
  );
async function share() {
  const actor = await requireActor();
  await setPin(actor, { storeId, pin: "2580" });
  await shareTill(actor, { storeId, tillId: null, idleMinutes: 5 });
}
const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

test("a shared till shows its own pages; every other one asks for the PIN first, and is nobody's account until then", async () => {
  await share();
  for (const path of [`/stores/${storeId}/till`, `/stores/${storeId}/till?charge=x`, `/stores/${storeId}/till/leave`, `/stores/${storeId}/staff`]) {
    goTo(path);
    expect(await requireActor()).toMatchObject({ sharedStoreId: storeId });
  }
  for (const path of ["/", "/send", "/security/devices", `/stores/${storeId}`, `/stores/${storeId}/payouts`, `/stores/${storeId}/pin`, `/stores/${newId()}/till`, `/stores/${storeId}/tillx`, "/p/ABC234", "/api/me/export"]) {
    goTo(path);
    expect([path, await optionalActor()]).toEqual([path, null]);
    expect([path, await redirectOf(requireActor())]).toEqual([path, `/stores/${storeId}/till/leave?next=${encodeURIComponent(path).replaceAll("%20", "+")}`]);
  }
  goTo(`/stores/${storeId}/till/leave`);
  await unshareTill(await requireActor(), { storeId, pin: "2580" });
  goTo("/send");
  expect(await requireActor()).toMatchObject({ sharedStoreId: null });
});

test("no action passes at a shared till but those that name its store, wherever they are sent from", async () => {
  const run = vi.fn(async () => "done");
  const send = action(z.object({ to: z.string() }), run);
  const sell = action(z.object({ storeId: z.uuid() }), run);
  const signOut = action(z.object({}), run, { atSharedTill: true });
  expect(await send(null, formOf({ to: "x" }))).toMatchObject({ ok: true });
  await share();
  run.mockClear();
  goTo(`/stores/${storeId}/till`);
  expect(await send(null, formOf({ to: "x", storeId }))).toEqual({ ok: false, code: "forbidden", details: {} });
  expect(await sell(null, formOf({ storeId: newId() }))).toEqual({ ok: false, code: "forbidden", details: {} });
  expect(run).not.toHaveBeenCalled();
  expect(await sell(null, formOf({ storeId }))).toMatchObject({ ok: true });
  expect(await signOut(null, formOf({}))).toMatchObject({ ok: true });
});

test("a session that ends ends the shared till, and a new sign-in on the device is a device of its own", async () => {
  await share();
  goTo(`/stores/${storeId}/till`);
  await endSession(await requireActor());
  expect(await tillActor()).toBeNull();
  await signIn();
  expect(await requireActor()).toMatchObject({ sharedStoreId: null });
});

test("everything of a team needs no right that the web role lacks", async () => {
  expect(await sql`SELECT current_user AS role`).toEqual([{ role: "cocopay_web" }]);
  const owner = await requireActor();
  await sql`UPDATE sessions SET stepped_up_at = now(), limited_until = NULL WHERE id = ${owner.sessionId}`;
  const cookies = new Map(fakeRequest.cookies);
  await signIn();
  const guest = await requireActor();
  await inviteMember(owner, { storeId, phone: guest.phone, country: "BR", role: "staff" });
  const [message] = await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${guest.phone} ORDER BY id DESC LIMIT 1`;
  await acceptInvitation(guest, { token: /\/invite\/([\w-]+)$/.exec(message!.body)![1]! });
  await setPin(guest, { storeId, pin: "7391" });
  await setPin(owner, { storeId, pin: "2580" });
  await shareTill(owner, { storeId, tillId: null, idleMinutes: 5 });
  for (const [name, value] of cookies) fakeRequest.cookies.set(name, value);
  const till = { ...owner, sharedStoreId: storeId };
  await unlockTill(till, { storeId, userId: guest.userId, pin: "7391" });
  expect(await currentSeller(db, till, storeId)).toMatchObject({ userId: guest.userId });
  await lockTill(till, { storeId });
  await unshareTill(till, { storeId, pin: "2580" });
  await handOverStore(owner, { storeId, userId: guest.userId });
  await leaveTeam(owner, { storeId });
  expect(await sql`SELECT user_id FROM store_members WHERE store_id = ${storeId}`).toEqual([{ user_id: guest.userId }]);
  await expect(removeMember(owner, { storeId, userId: guest.userId })).rejects.toMatchObject({ code: "not_found" });
});
