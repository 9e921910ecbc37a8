import { readdirSync } from "node:fs";
import { NextRequest } from "next/server";
import { createTranslator } from "next-intl";
import { expect, test, vi } from "vitest";
import { messagesOf } from "@/lib/i18n/messages";
import { comeAs, KINDS, makeWorld } from "@/lib/test/role-matrix/people";
import { ROWS } from "@/lib/test/role-matrix/table";
import type { Sent } from "@/lib/test/role-matrix/rows";
import { makeRate } from "@/lib/test/factories";

vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());
vi.mock("next/cache", () => ({ revalidatePath: () => {}, refresh: () => {}, revalidateTag: () => {} }));
vi.mock("next/server", async (original) => ({ ...(await original<typeof import("next/server")>()), connection: async () => {} }));
vi.mock("next-intl/server", () => ({
  getLocale: async () => "pt-BR",
  getTranslations: async (namespace: never) => createTranslator({ locale: "pt-BR", messages: messagesOf("pt-BR"), namespace }),
}));
// Nobody answers there: what asks a chain says so.
for (const chainId of ["84532", "11155420"]) process.env[`RPC_URL_${chainId}`] = "http://127.0.0.1:9";
await makeRate();

/** next-auth's own handler, which asks Next itself for its request: who may sign in by it is e2e/sign-in.spec.ts's matter. */
const ELSEWHERE = /^api\/auth\/\[\.\.\.nextauth\]\/route#/;
const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);
type Door = (...input: unknown[]) => Promise<unknown>;

/** Every server action and route handler of the app, by file and name. */
const doors = new Map<string, Door>();
for (const file of readdirSync("app", { recursive: true, encoding: "utf8" }).filter((name) => /(^|[/-])actions\.ts$|(^|\/)route\.tsx?$/.test(name)).toSorted()) {
  const exported = (await import(/* @vite-ignore */ `./${file}`)) as Record<string, unknown>;
  const isRoute = /route\.tsx?$/.test(file);
  for (const [name, value] of Object.entries(exported)) if (typeof value === "function" && (!isRoute || METHODS.has(name))) doors.set(`${file.replace(/\.tsx?$/, "")}#${name}`, value as Door);
}

for (const name of doors.keys()) if (ELSEWHERE.test(name)) doors.delete(name);

test("every action and route handler has its row, and no row is left over", () => {
  expect(doors.size).toBeGreaterThan(90);
  expect([...doors.keys()].filter((name) => !(name in ROWS))).toEqual([]);
  expect(Object.keys(ROWS).filter((name) => !doors.has(name))).toEqual([]);
});

const withoutIds = (path: string) =>
  path
    .replace(/[?].*$/, "")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>")
    .replace(/\/[\w-]{20,}(?=\/|$)/g, "/<secret>");

/** The kind of an answer, as rows name it. */
async function answerOf(name: string, door: Door, sent: Sent): Promise<string> {
  try {
    if (/route#/.test(name)) return await routeAnswer(name, door, sent);
    const form = new FormData();
    for (const [field, value] of Object.entries(sent.fields ?? {})) form.append(field, value);
    // Two plain forms take the fields alone; the others their last state first.
    const answer = (await (door.length === 1 ? door(form) : door(null, form))) as null | undefined | { ok?: boolean; code?: string; failure?: null | { code: string } };
    if (answer && "failure" in answer) return answer.failure?.code ?? "ok";
    return !answer || answer.ok ? "ok" : (answer.code ?? "?");
  } catch (error) {
    const digest = (error as { digest?: unknown }).digest;
    if (typeof digest === "string" && digest.startsWith("NEXT_REDIRECT")) return `to:${withoutIds(digest.split(";")[2] ?? "")}`;
    throw error;
  }
}

async function routeAnswer(name: string, door: Door, { params = {}, query = "", body }: Sent): Promise<string> {
  const stop = new AbortController();
  const request = new NextRequest(`http://localhost:3000/x${query}`, { method: name.split("#")[1] ?? "GET", signal: stop.signal, ...(body === undefined ? {} : { body }) });
  const response = (await door(request, { params: Promise.resolve(params) })) as Response;
  stop.abort();
  await response.body?.cancel().catch(() => {});
  return response.status >= 300 && response.status < 400 ? `to:${withoutIds(response.headers.get("location") ?? "")}` : `http:${response.status}`;
}

const cells = { asserted: 0 };
test.each(Object.entries(ROWS))("%s", async (name, row) => {
  const door = doors.get(name);
  if (!door) return expect.fail("the row has no action");
  const [seen, wanted]: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const kind of KINDS) {
    const world = await makeWorld();
    await comeAs(world, kind);
    const sent = await row.send(world);
    seen[kind] = await answerOf(name, door, sent);
    wanted[kind] = row.answers(kind);
    cells.asserted += 1;
  }
  expect(seen).toEqual(wanted);
});

test("every cell was asserted", () => {
  expect(cells.asserted).toBe(doors.size * KINDS.length);
});
