import { createHash } from "node:crypto";
import NextAuth from "next-auth/next";
import { beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { resetFakeRequest } from "@/lib/test/fake-request";
import { nextAuthOptions } from "./next-auth-options";
import { sendSignInCode } from "./send-sign-in-code";
import { sessionCookieName } from "./session-token";
import { readVisitor } from "./visitor";

vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());

/** The cookies of one browser, and its calls of next-auth's handler. */
class Browser {
  readonly cookies = new Map<string, string>();

  async call(method: "GET" | "POST", segments: string[], body: Record<string, string> = {}) {
    const answer: { status: number; body: unknown; location: string | null } = { status: 200, body: null, location: null };
    const response = {
      getHeader: (): string[] => [],
      setHeader(name: string, value: string | string[]) {
        if (name === "Set-Cookie") for (const line of [value].flat()) this.keep(line);
        if (name === "Location") answer.location = String(value);
        return response;
      },
      keep: (line: string) => {
        const [pair = "", ...attributes] = line.split("; ");
        const [name = "", value = ""] = pair.split("=");
        const isGone = value === "" || attributes.includes("Max-Age=0");
        if (isGone) this.cookies.delete(name);
        else this.cookies.set(name, decodeURIComponent(value));
      },
      status(code: number) {
        answer.status = code;
        return response;
      },
      send: (value: unknown) => void (answer.body = value),
      json: (value: unknown) => void (answer.body = value),
      end: () => {},
    };
    const request = { method, query: { nextauth: segments }, cookies: Object.fromEntries(this.cookies), headers: {}, body };
    await NextAuth(request as never, response as never, nextAuthOptions());
    return answer;
  }

  async post(segments: string[], body: Record<string, string>) {
    const { body: csrf } = await this.call("GET", ["csrf"]);
    return this.call("POST", segments, { ...body, json: "true", csrfToken: (csrf as { csrfToken: string }).csrfToken });
  }

  get session() {
    return this.cookies.get(sessionCookieName());
  }
}

const phone = "+5548940000001";
const code = async () => /#(\d{6})$/.exec((await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY id DESC LIMIT 1`)[0]!.body)![1]!;
async function signIn() {
  const browser = new Browser();
  await sendSignInCode(await readVisitor(), { phone });
  const answer = await browser.post(["callback", "phone"], { phone, code: await code() });
  return { browser, answer };
}
beforeEach(() => resetFakeRequest({ "x-device-id": "A".repeat(22) }));

test("next-auth's own sign-in makes the same session: one row, with the hash of the cookie", async () => {
  const { browser } = await signIn();
  expect(browser.session).toBeTruthy();
  const hash = createHash("sha256").update(browser.session!).digest("hex");
  expect(await sql`SELECT count(*)::int AS n FROM sessions WHERE token_hash = ${hash}`).toEqual([{ n: 1 }]);
});

test("session calls never change the cookie's string", async () => {
  const { browser } = await signIn();
  const first = browser.session;
  for (let i = 0; i < 3; i += 1) {
    expect((await browser.call("GET", ["session"])).body).toMatchObject({ user: { id: expect.any(String) } });
    expect(browser.session).toBe(first);
  }
});

test("signing out through next-auth revokes the row, and a kept cookie is refused and cleared", async () => {
  const { browser } = await signIn();
  const kept = browser.session!;
  await browser.post(["signout"], {});
  expect(browser.session).toBeUndefined();
  browser.cookies.set(sessionCookieName(), kept);
  expect((await browser.call("GET", ["session"])).body).toEqual({});
  expect(browser.session).toBeUndefined();
});

test("without next-auth's token against forged forms nothing happens", async () => {
  const browser = new Browser();
  await sendSignInCode(await readVisitor(), { phone });
  await browser.call("POST", ["callback", "phone"], { phone, code: await code(), json: "true" });
  expect(browser.session).toBeUndefined();
});

test("a wrong code leaves no session and tells which failure it was", async () => {
  await sql`UPDATE sign_in_codes SET created_at = created_at - interval '1 minute'`;
  await sendSignInCode(await readVisitor(), { phone });
  const browser = new Browser();
  const wrong = (await code()) === "111111" ? "222222" : "111111";
  const answer = await browser.post(["callback", "phone"], { phone, code: wrong });
  expect(answer).toMatchObject({ status: 401, body: { url: expect.stringContaining("error=code_wrong") } });
  expect(browser.session).toBeUndefined();
});
