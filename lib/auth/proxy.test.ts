import { NextRequest } from "next/server";
import { expect, test, vi } from "vitest";
import { proxy } from "@/proxy";

// The policy names the chains' nodes.
vi.hoisted(() => Object.assign(process.env, { RPC_URL_84532: "http://127.0.0.1:8545", RPC_URL_11155420: "http://127.0.0.1:8546", MAP_STYLE_URL: "https://tiles.example/style.json?key=public" }));

const ask = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) => proxy(new NextRequest(`http://localhost:3000${path}`, init));
/** What Next passes on to the page. */
const passedOn = (response: Response, name: string) => response.headers.get(`x-middleware-request-${name}`);

test("each page has a policy of its own with a nonce, which its scripts get too", () => {
  const [one, two] = [ask("/p/ABC"), ask("/p/ABC")];
  const policy = one.headers.get("content-security-policy")!;
  expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'(;|$)/);
  for (const directive of ["frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'", "default-src 'self'"]) {
    expect(policy.split("; ")).toContain(directive);
  }
  expect(policy).toMatch(/connect-src 'self' http:\/\/127\.0\.0\.1:8545 http:\/\/127\.0\.0\.1:8546(;|$)/);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(passedOn(one, "content-security-policy")).toBe(policy);
  expect(policy).toContain(`'nonce-${passedOn(one, "x-nonce")}'`);
  expect(two.headers.get("content-security-policy")).not.toBe(policy);
});

test("only pages with wallets may ask the wallets' hosts", () => {
  const hosts = (path: string) => /connect-src ([^;]+)/.exec(ask(path).headers.get("content-security-policy")!)![1]!.split(" ").filter((source) => source.includes("coinbase") || source.includes("walletconnect"));
  for (const path of ["/login/wallet", "/security", "/security/wallets", "/p/ABC/wallet", "/p/ABC/review", "/w/0123", "/payments/1"]) expect([path, ...hosts(path)]).toEqual([path, "https://rpc.wallet.coinbase.com"]);
  for (const path of ["/", "/login", "/p/ABC", "/p/wallet", "/profile", "/wallet", "/stores/1/till"]) expect([path, ...hosts(path)]).toEqual([path]);
});

test("only pages with a map may ask the tiles' host", () => {
  const asksTiles = (path: string) => /connect-src ([^;]+)/.exec(ask(path).headers.get("content-security-policy")!)![1]!.split(" ").includes("https://tiles.example");
  for (const path of ["/explore", "/explore/CAFE", "/stores/1/settings"]) expect([path, asksTiles(path)]).toEqual([path, true]);
  for (const path of ["/", "/explorer", "/p/ABC", "/stores/1", "/stores/1/qr", "/login"]) expect([path, asksTiles(path)]).toEqual([path, false]);
});

test("a new browser gets a random id that scripts cannot read; a known one keeps its own", () => {
  const first = ask("/login");
  const cookie = first.cookies.get("device")!;
  expect(cookie).toMatchObject({ value: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/), httpOnly: true, sameSite: "lax" });
  expect(passedOn(first, "x-device-id")).toBe(cookie.value);
  const again = ask("/login", { headers: { cookie: `device=${cookie.value}`, "x-device-id": "forged" } });
  expect(again.cookies.get("device")).toBeUndefined();
  expect(passedOn(again, "x-device-id")).toBe(cookie.value);
  expect(ask("/login", { headers: { cookie: "device=<script>" } }).cookies.get("device")!.value).not.toContain("<");
});

test("the page knows its own path, whatever the client claims", () => {
  expect(passedOn(ask("/p/ABC?amount=1", { headers: { "x-path": "//evil.example" } }), "x-path")).toBe("/p/ABC?amount=1");
});

test.each([
  ["https://evil.example", 403],
  ["null", 403],
  ["http://localhost:3000", 200],
])("a form from %s answers %i", async (origin, status) => {
  const response = ask("/login", { method: "POST", headers: { origin, host: "localhost:3000" }, body: "" });
  expect(response.status).toBe(status);
  if (status === 403) expect(await response.text()).toBe("Este pedido veio de outra página. Abra o CocoPay e tente de novo.");
});

test("a body too large to be a form is refused unread, in the reader's language", async () => {
  const response = ask("/login", { method: "POST", headers: { origin: "http://localhost:3000", "content-length": "5000000", cookie: "locale=en" } });
  expect(response.status).toBe(413);
  expect(await response.text()).toBe("What you sent is too large. Make it smaller and try again.");
  expect(ask("/login", { method: "POST", headers: { "transfer-encoding": "chunked" } }).status).toBe(413);
  expect(ask("/login", { method: "POST", headers: { "content-length": "NaN" } }).status).toBe(413);
});
