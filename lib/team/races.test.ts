import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { markSteppedUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { closeLiveHub } from "@/lib/live/hub";
import { openStoreStream } from "@/lib/live/store-stream";
import { deleteAccount } from "@/lib/privacy/delete-account";
import { completeClaims } from "@/lib/recovery/complete-claims";
import { makeMember, makePerson, makeSession, makeStore } from "@/lib/test/factories";
import { acceptInvitation, declineInvitation } from "./answer-invitation";
import { changeRole, handOverStore, leaveTeam, removeMember } from "./change-member";
import { cancelInvitation, inviteMember } from "./invite-member";
import { setPin } from "./set-pin";
import { shareTill } from "./share-till";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const together = (...promises: Promise<unknown>[]) => Promise.all(promises.map(codeOf));
async function steppedUp(actor: Actor): Promise<Actor> {
  await db.transaction((tx) => markSteppedUp(tx, actor, "passkey"));
  return actor;
}
const tokenTo = async (phone: string) => /\/invite\/([\w-]{22})$/.exec((await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${phone} AND body LIKE '%/invite/%' ORDER BY id DESC LIMIT 1`)[0]!.body)![1]!;
const rolesIn = async (storeId: string) => Object.fromEntries((await sql<{ user_id: string; role: string }[]>`SELECT user_id, role FROM store_members WHERE store_id = ${storeId}`).map(({ user_id, role }) => [user_id, role]));

let storeId: string;
let owner: Actor;
let guest: Actor;
beforeEach(async () => {
  ({ storeId, actor: owner } = await makeStore());
  await steppedUp(owner);
  guest = (await makePerson({ name: "Teca Lima" })).actor;
});
async function invited() {
  await inviteMember(owner, { storeId, phone: guest.phone, country: "BR", role: "staff" });
  const [row] = await sql<{ id: string }[]>`SELECT id FROM store_invitations WHERE store_id = ${storeId} ORDER BY created_at DESC LIMIT 1`;
  return { token: await tokenTo(guest.phone), invitationId: row!.id };
}

/** Ten rounds each: whoever comes first, the end is one of the two that make sense. */
const ROUNDS = 10;

describe("at once", () => {
  test("accepting twice is one seat", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { token } = await invited();
      expect(await together(...Array.from({ length: 4 }, () => acceptInvitation(guest, { token })))).toEqual([null, null, null, null]);
      expect(await sql`SELECT role FROM store_members WHERE store_id = ${storeId} AND user_id = ${guest.userId}`).toEqual([{ role: "staff" }]);
      expect(await sql`SELECT 1 FROM notices WHERE user_id = ${owner.userId} AND kind = 'team_joined'`).toHaveLength(round + 1);
      await removeMember(owner, { storeId, userId: guest.userId });
      await sql`DELETE FROM rate_limits`;
    }
  });

  test("accepting and cancelling, or accepting and declining: one of them wins", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { token, invitationId } = await invited();
      const other = round % 2 === 0 ? cancelInvitation(owner, { storeId, invitationId }) : declineInvitation({ ip: null, userAgent: null }, { token });
      const [accepted, ended] = await together(acceptInvitation(guest, { token }), other);
      const isIn = (await rolesIn(storeId))[guest.userId] === "staff";
      expect([accepted === null, ended === null, isIn]).toEqual(isIn ? [true, false, true] : [false, true, false]);
      if (isIn) await removeMember(owner, { storeId, userId: guest.userId });
      await sql`DELETE FROM rate_limits`;
    }
  });

  test("whoever is removed while accepting somebody's word ends nowhere in between", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const admin = await steppedUp((await makeMember(storeId, "admin")).actor);
      await inviteMember(admin, { storeId, phone: guest.phone, country: "BR", role: "staff" });
      const token = await tokenTo(guest.phone);
      const [removed, accepted] = await together(removeMember(owner, { storeId, userId: admin.userId }), acceptInvitation(guest, { token }));
      expect(removed).toBeNull();
      expect([null, "invitation_over"]).toContain(accepted);
      const roles = await rolesIn(storeId);
      expect(roles[admin.userId]).toBeUndefined();
      expect(roles[guest.userId]).toBe(accepted === null ? "staff" : undefined);
      if (accepted === null) await removeMember(owner, { storeId, userId: guest.userId });
      await sql`DELETE FROM rate_limits`;
    }
  });

  test("an owner who hands the store to two people hands it to one", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const store = await makeStore();
      const first = await steppedUp(store.actor);
      const second = await steppedUp(await makeSession(first));
      const [a, b] = [(await makeMember(store.storeId, "staff")).actor, (await makeMember(store.storeId, "admin")).actor];
      const answers = await together(handOverStore(first, { storeId: store.storeId, userId: a.userId }), handOverStore(second, { storeId: store.storeId, userId: b.userId }));
      expect(answers.toSorted()).toEqual(["forbidden", null]);
      const roles = await rolesIn(store.storeId);
      expect(Object.values(roles).filter((role) => role === "owner")).toHaveLength(1);
      expect(roles[first.userId]).toBe("admin");
    }
  });

  test("handing over to somebody who is leaving leaves the store with one owner", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const store = await makeStore();
      await steppedUp(store.actor);
      const { actor: heir } = await makeMember(store.storeId, "staff");
      const [handed, left] = await together(handOverStore(store.actor, { storeId: store.storeId, userId: heir.userId }), leaveTeam(heir, { storeId: store.storeId }));
      expect([[null, "owner_must_stay"], ["member_gone", null]]).toContainEqual([handed, left]);
      expect(Object.values(await rolesIn(store.storeId)).filter((role) => role === "owner")).toHaveLength(1);
    }
  });

  test("an admin who is being demoted removes nobody afterwards, and a team that loses two at once loses both", async () => {
    const admin = await steppedUp((await makeMember(storeId, "admin")).actor);
    const [one, two] = [(await makeMember(storeId, "staff")).actor, (await makeMember(storeId, "staff")).actor];
    const [demoted, removed] = await together(changeRole(owner, { storeId, userId: admin.userId, role: "staff" }), removeMember(admin, { storeId, userId: one.userId }));
    expect(demoted).toBeNull();
    expect([null, "forbidden"]).toContain(removed);
    expect(await codeOf(removeMember(admin, { storeId, userId: two.userId }))).toBe("forbidden");
    expect((await rolesIn(storeId))[admin.userId]).toBe("staff");
  });

  test("setting a PIN while being removed leaves no PIN behind", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { actor } = await makeMember(storeId, "staff");
      await together(setPin(actor, { storeId, pin: "2580" }), removeMember(owner, { storeId, userId: actor.userId }));
      expect(await sql`SELECT 1 FROM store_pins WHERE store_id = ${storeId} AND user_id = ${actor.userId}`).toHaveLength(0);
    }
  });
});

describe("open screens", () => {
  const open: AbortController[] = [];
  afterEach(() => open.splice(0).forEach((controller) => controller.abort()));
  afterAll(closeLiveHub);
  async function listen(actor: Actor) {
    const controller = new AbortController();
    open.push(controller);
    const response = await openStoreStream(actor, { storeId, after: null, signal: controller.signal });
    let text = "";
    const done = (async () => {
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done: isDone } = await reader.read();
        if (isDone) return;
        text += value;
      }
    })();
    await expect.poll(() => text).toContain("event: ready");
    return { done, text: () => text };
  }

  test.each([
    ["removed", async (actor: Actor) => removeMember(owner, { storeId, userId: actor.userId })],
    ["gone", async (actor: Actor) => leaveTeam(actor, { storeId })],
  ] as const)("of whoever is %s close within five seconds, with the hint within one", async (_what, act) => {
    const { actor } = await makeMember(storeId, "staff");
    const stream = await listen(actor);
    const at = performance.now();
    await act(actor);
    await stream.done;
    expect(stream.text()).toContain('event: closed\ndata: {"reason":"not_found"}');
    expect(performance.now() - at).toBeLessThan(1_500);
    await expect(openStoreStream(actor, { storeId, after: null, signal: new AbortController().signal })).rejects.toMatchObject({ code: "not_found" });
  });

  test("of everybody else hear that the team changed", async () => {
    const { actor } = await makeMember(storeId, "staff");
    const stream = await listen(owner);
    const changes = () => stream.text().split("event: change").length - 1;
    const before = changes();
    await removeMember(owner, { storeId, userId: actor.userId });
    await expect.poll(changes).toBe(before + 1);
  });

  test("of a shared till close with the session of whoever it is signed in as", async () => {
    const { actor } = await makeMember(storeId, "staff");
    await setPin(actor, { storeId, pin: "2580" });
    await shareTill(actor, { storeId, tillId: null, idleMinutes: 5 });
    const stream = await listen({ ...actor, sharedStoreId: storeId });
    await removeMember(owner, { storeId, userId: actor.userId });
    await stream.done;
    expect(stream.text()).toContain('event: closed\ndata: {"reason":"signed_out"}');
  });
});

describe("with the rest of an account", () => {
  test("a store that was handed over does not move to the former owner's backup", async () => {
    const heir = await steppedUp((await makeMember(storeId, "admin")).actor);
    const { actor: backup } = await makePerson({ name: "Davi" });
    const claimId = newId();
    await sql`INSERT INTO backup_requests (id, user_id, phone, token_hash, status, accepted_by, expires_at) VALUES (${newId()}, ${owner.userId}, ${backup.phone}, ${newId()}, 'accepted', ${backup.userId}, now())`;
    await sql`INSERT INTO recovery_claims (id, user_id, store_id, backup_user_id, warned_60_at, warned_75_at, warned_90_at, claimed_at, claimable_at)
      VALUES (${claimId}, ${owner.userId}, ${storeId}, ${backup.userId}, now() - interval '30 days', now() - interval '20 days', now() - interval '10 days', now() - interval '8 days', now() - interval '1 day')`;
    await sql`UPDATE users SET last_active_at = now() - interval '100 days' WHERE id IN (${owner.userId}, ${heir.userId})`;
    await handOverStore(owner, { storeId, userId: heir.userId });
    await completeClaims(new Date());
    expect(await rolesIn(storeId)).toEqual({ [owner.userId]: "admin", [heir.userId]: "owner" });
    expect(await sql`SELECT cancelled_at IS NOT NULL AS cancelled FROM recovery_claims WHERE id = ${claimId}`).toEqual([{ cancelled: true }]);
  });

  test("an owner hands the store over before the account can be deleted; then seat, PIN and invitations go with it", async () => {
    const heir = (await makeMember(storeId, "staff")).actor;
    await setPin(owner, { storeId, pin: "2580" });
    expect(await codeOf(deleteAccount(owner, { givesUpBalance: true }))).toBe("stores_owned");
    await handOverStore(owner, { storeId, userId: heir.userId });
    await inviteMember(owner, { storeId, phone: guest.phone, country: "BR", role: "staff" });
    const token = await tokenTo(guest.phone);
    await deleteAccount(owner, { givesUpBalance: true });
    expect(await rolesIn(storeId)).toEqual({ [heir.userId]: "owner" });
    expect(await sql`SELECT 1 FROM store_pins WHERE user_id = ${owner.userId}`).toHaveLength(0);
    expect(await codeOf(acceptInvitation(guest, { token }))).toBe("invitation_over");
  });

  test("a deleted person's invitations keep neither the number nor its end", async () => {
    await inviteMember(owner, { storeId, phone: guest.phone, country: "BR", role: "staff" });
    await steppedUp(guest);
    await deleteAccount(guest, { givesUpBalance: true });
    const [row] = await sql<{ phone: string | null; phone_shown: string; phone_hash: string; over: boolean }[]>`SELECT phone, phone_shown, phone_hash, cancelled_at IS NOT NULL AS over FROM store_invitations WHERE store_id = ${storeId}`;
    expect(row).toMatchObject({ phone: null, phone_shown: "••••", over: true });
    expect(row!.phone_hash).toMatch(/^deleted:/);
  });
});
