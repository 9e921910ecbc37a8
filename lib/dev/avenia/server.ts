import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { answerApi } from "./api";
import { ledgerOf } from "./ledger";
import { indexPage, kycPage, payPage } from "./pages";
import { judge, pay, PAY_WAYS, resume } from "./payments";
import { walletOf } from "./payout-api";
import { statementPage } from "./payout-pages";
import { advance, credit, resumePayouts } from "./payouts";
import { newKey } from "./state";
import { FAULTS, openWorld, type FaultKind, type SandboxOptions, type World } from "./world";
import { watchDeposits } from "./watch-deposits";

const BODY_MAX = 200_000;
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://localhost:* http://127.0.0.1:*; frame-ancestors 'none'" };

export type AveniaSandbox = { url: string; world: World; stop: () => Promise<void> };

/** The provider's stand-in on this machine's own address: the same paths, JSON and signatures, a bank to pay at, and traps to fall into. */
export async function startAveniaSandbox(options: SandboxOptions): Promise<AveniaSandbox> {
  const world = openWorld(options);
  const server = createServer((request, response) => {
    void handle(world, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, HEADERS).end();
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));
  world.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  resume(world);
  resumePayouts(world);
  watchDeposits(world);
  return {
    url: world.origin,
    world,
    stop: async () => {
      world.isClosed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.allSettled(world.pending);
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += String(chunk);
    if (body.length > BODY_MAX) throw new Error("A body too large");
  }
  return body;
}

const html = (response: ServerResponse, status: number, text: string) => response.writeHead(status, { ...HEADERS, "content-type": "text/html; charset=utf-8" }).end(text);
const json = (response: ServerResponse, status: number, value: unknown) => response.writeHead(status, { ...HEADERS, "content-type": "application/json" }).end(JSON.stringify(value));
const goTo = (response: ServerResponse, location: string) => response.writeHead(303, { ...HEADERS, location }).end();

async function handle(world: World, request: IncomingMessage, response: ServerResponse) {
  const method = request.method ?? "GET";
  const url = new URL(request.url ?? "/", world.origin);
  const body = await readBody(request);
  if (url.pathname.startsWith("/v2/")) return api(world, { method, url, body, request, response });
  return people(world, { method, url, body, response });
}

type Input = { method: string; url: URL; body: string; response: ServerResponse };

async function api(world: World, { method, url, body, request, response }: Input & { request: IncomingMessage }) {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
  const fault = takeFault(world, `${method} ${url.pathname}`, headers["x-sandbox-fault"]);
  if (fault === "500" || fault === "401" || fault === "429") return json(response, Number(fault), { error: "sandbox-fault" });
  const answer = await answerApi(world, { method, path: url.pathname, uri: url.pathname + url.search, query: url.searchParams, headers, body });
  // The call was carried out, and the answer is lost on the way.
  if (fault === "timeout-after-accept") return request.socket.destroy();
  if (answer.pdf) return response.writeHead(answer.status, { ...HEADERS, "content-type": "application/pdf" }).end(answer.pdf);
  return json(response, answer.status, answer.json);
}

function takeFault(world: World, call: string, header: string | undefined): FaultKind | null {
  const asked = FAULTS.find((kind) => kind === header);
  if (asked) return asked;
  const trap = world.faults.find((fault) => fault.times > 0 && (fault.call === call || (fault.call.endsWith("/") && call.startsWith(fault.call))));
  if (!trap) return null;
  trap.times -= 1;
  return trap.kind;
}

const Fault = z.object({ call: z.string(), kind: z.enum(FAULTS), times: z.number().int().min(1).default(1) });
const Settings = z.object({ stepMs: z.number().int().min(0).optional(), isByHand: z.boolean().optional(), maxFiatOut: z.string().regex(/^\d+\.\d\d$/).optional() });
const Advance = z.object({ ticketId: z.string().optional() });
const Credit = z.object({ subAccountId: z.string().optional(), wallet: z.string().optional(), amountUsdMicros: z.string().regex(/^\d{1,18}$/), txHash: z.string().regex(/^0x[0-9a-f]{64}$/), logIndex: z.number().int().default(0) });

/** What a person does here, and the knobs of tests. */
function people(world: World, { method, url, body, response }: Input) {
  const path = url.pathname.replace(/\/$/, "");
  const form = new URLSearchParams(body);
  const [, attemptId] = /^\/__sandbox\/kyc\/([\w-]+)$/.exec(path) ?? [];
  if (method === "GET" && (path === "" || path === "/__sandbox")) return html(response, 200, indexPage(world));
  if (method === "GET" && path === "/__sandbox/pay") {
    const shown = payPage(world, url.searchParams.get("brcode") ?? "", url.searchParams.get("done"));
    return html(response, shown.status, shown.html);
  }
  if (method === "POST" && path === "/__sandbox/pay") {
    const brCode = form.get("brcode") ?? "";
    const ticket = world.state.tickets.find((known) => known.brCode === brCode);
    const way = PAY_WAYS.find((known) => known === form.get("way"));
    if (!ticket || !way) return html(response, 404, "");
    pay(world, ticket, way);
    return goTo(response, `/__sandbox/pay?brcode=${encodeURIComponent(brCode)}&done=1`);
  }
  if (attemptId) {
    const attempt = world.state.attempts.find(({ id }) => id === attemptId);
    if (!attempt) return html(response, 404, "");
    const part = url.searchParams.get("part") === "representative" ? "representative" : "company";
    if (method === "GET") return html(response, 200, kycPage(attempt, part, world.state.subAccounts.find(({ id }) => id === attempt.subAccountId)?.name ?? ""));
    const verdict = form.get("verdict");
    judge(world, attempt, verdict === "approve" || verdict === "reject" ? verdict : "wait", part);
    return goTo(response, attempt.redirectUrl);
  }
  if (path === "/__sandbox/statement") {
    if (method === "GET") return html(response, 200, statementPage(world));
    advance(world, form.get("ticket"));
    return goTo(response, "/__sandbox/statement");
  }
  return knobs(world, { method, path, body, response });
}

/** For tests: faults, pace, dollars without a chain, sums. */
function knobs(world: World, { method, path, body, response }: { method: string; path: string; body: string; response: ServerResponse }) {
  if (method === "GET" && path === "/__sandbox/ledger") return json(response, 200, ledgerOf(world));
  if (method === "POST" && path === "/__sandbox/advance") return json(response, 200, { moved: advance(world, Advance.parse(JSON.parse(body || "{}")).ticketId ?? null) });
  if (method === "POST" && path === "/__sandbox/credit") {
    const { subAccountId, wallet, amountUsdMicros, txHash, logIndex } = Credit.parse(JSON.parse(body));
    const account = world.state.subAccounts.find((known) => known.id === subAccountId || walletOf(known) === wallet?.toLowerCase());
    if (!account) return json(response, 404, {});
    return json(response, 200, { isNew: credit(world, account, { place: `${txHash}:${logIndex}`, txHash, from: "", amountUsdMicros: BigInt(amountUsdMicros) }) });
  }
  if (method === "POST" && path === "/__sandbox/rotate-key") {
    world.state.privateKeyPem = newKey();
    world.save();
    return json(response, 200, {});
  }
  if (method === "POST" && path === "/__sandbox/faults") {
    world.faults.push(Fault.parse(JSON.parse(body)));
    return json(response, 200, {});
  }
  if (method === "POST" && path === "/__sandbox/settings") {
    const { stepMs, isByHand, maxFiatOut } = Settings.parse(JSON.parse(body));
    world.stepMs = stepMs ?? world.stepMs;
    world.options.maxFiatOut = maxFiatOut ?? world.options.maxFiatOut;
    if (isByHand !== undefined) world.isByHand = isByHand;
    if (isByHand === false) resumePayouts(world);
    return json(response, 200, {});
  }
  return html(response, 404, "");
}
