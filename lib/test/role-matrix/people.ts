import { db } from "@/db/client";
import { sessions, storeMembers } from "@/db/schema";
import { sql } from "drizzle-orm";
import { mintToken, hashToken, sessionCookieName } from "@/lib/auth/session-token";
import { newId } from "@/lib/ids";
import { fakeRequest, resetFakeRequest } from "@/lib/test/fake-request";
import { makePerson, makeStore } from "@/lib/test/factories";

/** Everybody who may knock at a door. `invited` has an invitation that was not accepted, `removed` was in the team until now. */
export const KINDS = ["stranger", "revoked", "outsider", "invited", "removed", "other_owner", "staff", "admin", "owner"] as const;
export type Kind = (typeof KINDS)[number];

/** A store with its people, made anew for each row. */
export type World = { storeId: string; shortCode: string; otherStoreId: string; userIds: Record<Exclude<Kind, "stranger">, string>; staffId: string; /** Who came, in which session. */ kind?: Kind; sessionId?: string };

let visits = 0;
const HOUR_MS = 3_600_000;

export async function makeWorld(): Promise<World> {
  const store = await makeStore();
  const other = await makeStore();
  const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => makePerson({ isSignedIn: false })));
  const [revoked, outsider, invited, removed, staff, admin] = people.map(({ actor }) => actor.userId) as [string, string, string, string, string, string];
  const member = (userId: string, role: "staff" | "admin") => ({ id: newId(), storeId: store.storeId, userId, role, invitedBy: store.actor.userId });
  await db.insert(storeMembers).values([
    { ...member(staff, "staff"), acceptedAt: sql`now()` },
    { ...member(admin, "admin"), acceptedAt: sql`now()` },
    // The customer's table keeps who was asked; without accepted_at nobody is a member.
    { ...member(invited, "admin"), acceptedAt: null },
    { ...member(revoked, "admin"), acceptedAt: sql`now()` },
  ]);
  const userIds = { revoked, outsider, invited, removed, staff, admin, owner: store.actor.userId, other_owner: other.actor.userId };
  return { storeId: store.storeId, shortCode: store.shortCode, otherStoreId: other.storeId, userIds, staffId: staff };
}

/** The browser of one of them, in a session of its own that proved a phone and nothing else. */
export async function comeAs(world: World, kind: Kind) {
  // A network of its own for each visit: limits count by address.
  visits += 1;
  resetFakeRequest({ "x-socket-address": `10.${Math.floor(visits / 250)}.${visits % 250}.1` });
  world.kind = kind;
  if (kind === "stranger") return;
  const [userId, sessionId] = [world.userIds[kind], newId()];
  world.sessionId = sessionId;
  const token = await mintToken({ userId, sessionId });
  await db.insert(sessions).values({ id: sessionId, userId, tokenHash: hashToken(token), authMethod: "phone", expiresAt: new Date(Date.now() + HOUR_MS), revokedAt: kind === "revoked" ? sql`now()` : null });
  fakeRequest.cookies.set(sessionCookieName(), token);
}
