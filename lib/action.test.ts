import { redirect } from "next/navigation";
import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { sql } from "@/db/client";
import { fakeRequest, resetFakeRequest } from "@/lib/test/fake-request";
import { action, publicAction } from "./action";
import { sendSignInCode } from "./auth/send-sign-in-code";
import { startSession } from "./auth/session";
import { sessionCookieName } from "./auth/session-token";
import { readVisitor } from "./auth/visitor";
import { DomainError } from "./errors";
import { paths } from "./paths";
import { LIMITS } from "./rate-limit/rules";

vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());

let phones = 0;
beforeEach(async () => {
  resetFakeRequest();
  const phone = `+55489${String(40_000_000 + (phones += 1))}`;
  const visitor = await readVisitor();
  await sendSignInCode(visitor, { phone });
  const [message] = await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone}`;
  await startSession(visitor, { phone, code: message!.body.slice(-6) });
});

const formOf = (fields: Record<string, string | Blob>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};
const Input = z.object({ name: z.string().min(2) });
const runs = vi.fn(async (_actor: unknown, input: { name: string }) => input.name.toUpperCase());
beforeEach(() => void runs.mockClear());
const act = action(Input, runs);
const actPublic = publicAction(Input, runs);

test("parsed input runs as the signed-in person and its value comes back", async () => {
  expect(await act(null, formOf({ name: "ana", extra: "ignored" }))).toEqual({ ok: true, value: "ANA" });
  expect(runs).toHaveBeenCalledWith(expect.objectContaining({ userId: expect.any(String), ip: "127.0.0.1" }), { name: "ana" });
});

test.each([
  ["missing", {}],
  ["null", { origin: "null" }],
  ["foreign", { origin: "https://evil.example" }],
  ["of a look-alike", { origin: "http://localhost:3000.evil.example" }],
  ["of another scheme", { origin: "https://localhost:3000" }],
  ["of another port than the one asked", { origin: "http://localhost:3002", host: "localhost:3001" }],
  ["foreign, with its own host named", { origin: "https://evil.example", host: "evil.example" }],
])("an Origin that is %s is refused at both doors, as a value", async (_what, headers: Record<string, string>) => {
  const cookies = new Map(fakeRequest.cookies);
  resetFakeRequest(headers);
  if (!headers["origin"]) fakeRequest.headers.delete("origin");
  for (const [name, value] of cookies) fakeRequest.cookies.set(name, value);
  expect(await act(null, formOf({ name: "ana" }))).toEqual({ ok: false, code: "origin_refused", details: {} });
  expect(await actPublic(null, formOf({ name: "ana" }))).toEqual({ ok: false, code: "origin_refused", details: {} });
  expect(runs).not.toHaveBeenCalled();
});

test("a second web process on another port of this machine is our own", async () => {
  fakeRequest.headers.set("origin", "http://localhost:3001");
  fakeRequest.headers.set("host", "localhost:3001");
  expect(await act(null, formOf({ name: "ana" }))).toMatchObject({ ok: true });
});

test("without a live session the person is sent to sign in and nothing runs", async () => {
  await sql`UPDATE sessions SET revoked_at = now()`;
  await expect(act(null, formOf({ name: "ana" }))).rejects.toMatchObject({ digest: expect.stringContaining("/login") });
  expect(fakeRequest.cookies.has(sessionCookieName())).toBe(false);
  await expect(act(null, formOf({ name: "ana" }))).rejects.toMatchObject({ digest: expect.stringContaining("/login") });
  expect(runs).not.toHaveBeenCalled();
  expect(await actPublic(null, formOf({ name: "ana" }))).toMatchObject({ ok: true });
});

test("wrong input names its fields", async () => {
  expect(await act(null, formOf({ name: "a" }))).toEqual({ ok: false, code: "invalid_input", details: {}, fields: ["name"] });
  expect(await act(null, formOf({}))).toEqual({ ok: false, code: "invalid_input", details: {}, fields: ["name"] });
  expect(await act(null, formOf({ name: new Blob(["file"]) }))).toEqual({ ok: false, code: "invalid_input", details: {}, fields: ["name"] });
});

test("a megabyte is answered, not parsed", async () => {
  expect(await act(null, formOf({ name: "a".repeat(1_000_000) }))).toEqual({ ok: false, code: "too_large", details: {} });
  expect(await act(null, formOf({ name: "ana", file: new Blob(["x".repeat(70_000)]) }))).toEqual({ ok: false, code: "too_large", details: {} });
});

test("a failure that is expected comes back with its details", async () => {
  const refuse = action(Input, async () => {
    throw new DomainError("code_wrong", { triesLeft: 2 });
  });
  expect(await refuse(null, formOf({ name: "ana" }))).toEqual({ ok: false, code: "code_wrong", details: { triesLeft: 2 } });
});

test("redirects and bugs pass through", async () => {
  const leave = action(Input, async () => redirect(paths.home()));
  await expect(leave(null, formOf({ name: "ana" }))).rejects.toMatchObject({ digest: expect.stringContaining("NEXT_REDIRECT") });
  const bug = action(Input, async () => {
    throw new TypeError("a bug");
  });
  await expect(bug(null, formOf({ name: "ana" }))).rejects.toThrow("a bug");
});

test("an account's actions are limited, except where the use case has its own limits", async () => {
  const open = action(Input, runs, { limit: null });
  await act(null, formOf({ name: "ana" }));
  await sql`UPDATE rate_limits SET count = ${LIMITS.action_account.times} WHERE key LIKE 'action_account:%'`;
  expect(await act(null, formOf({ name: "ana" }))).toMatchObject({ ok: false, code: "too_many_requests", details: { seconds: expect.any(Number) } });
  expect(await open(null, formOf({ name: "ana" }))).toMatchObject({ ok: true });
});
