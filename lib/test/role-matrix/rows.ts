import { can, type Permission, type Role } from "@/lib/team/rules";
import type { Kind, World } from "./people";

/** What a row sends: a form's fields for an action; parameters, address and body for a route. */
export type Sent = { fields?: Record<string, string | File>; params?: Record<string, string | string[]>; query?: string; body?: string };
/**
 * The answer's kind: `ok`; `to:/path` for a redirect (ids cut out); the code of an expected failure; `http:404` of a route. An allowed call may end in
 * a failure of its own subject (nothing is there to refund); that word stands in the row and is none of the refusals.
 */
export type Row = { send: (world: World) => Sent | Promise<Sent>; answers: (kind: Kind) => string };

const SIGN_IN = "to:/login";
export const isSignedOut = (kind: Kind): kind is "stranger" | "revoked" => kind === "stranger" || kind === "revoked";
export const isMember = (kind: Kind): kind is Role => kind === "owner" || kind === "admin" || kind === "staff";

/** A member's action: strangers sign in, people of other places find nothing, members without the right are refused by name. */
export const member = (permission: Permission, allowed: string | Partial<Record<Role, string>>, send: Row["send"]): Row => ({
  send,
  answers: (kind) => (isSignedOut(kind) ? SIGN_IN : !isMember(kind) ? "not_found" : can(kind, permission) ? (typeof allowed === "string" ? allowed : (allowed[kind] ?? "?")) : "forbidden"),
});

/** The same for a route handler, which answers in numbers. */
export const memberRoute = (permission: Permission, allowed: string, send: Row["send"]): Row => ({
  send,
  answers: (kind) => (isSignedOut(kind) ? "http:401" : !isMember(kind) ? "http:404" : can(kind, permission) ? allowed : "http:403"),
});

/** A person's own: the same answer for whoever is signed in, whatever they are at a store. */
export const person = (answer: string, fields: Record<string, string> | ((world: World) => Record<string, string>) = {}): Row => ({
  send: (world) => ({ fields: typeof fields === "function" ? fields(world) : fields }),
  answers: (kind) => (isSignedOut(kind) ? SIGN_IN : answer),
});
export const personRoute = (answer: string, sent: Sent = {}): Row => ({ send: () => sent, answers: (kind) => (isSignedOut(kind) ? "http:401" : answer) });

/** Open to anybody: who comes makes no difference. */
export const anyone = (answer: string, fields: Record<string, string> | ((world: World) => Record<string, string>) = {}): Row => ({
  send: (world) => ({ fields: typeof fields === "function" ? fields(world) : fields }),
  answers: () => answer,
});
export const anyoneRoute = (answer: string, send: (world: World) => Sent): Row => ({ send, answers: () => answer });
