import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { decimalFromUnits } from "@/lib/avenia/decimals";
import { receiptPdf } from "../pix/receipt";
import { advance, createTransfer, ledgerOf, lookUp, newKey, openBank, resume, save, StarkFaultShape, type Bank, type StarkOptions } from "./bank";

const BODY_MAX = 200_000;
const CLOCK_SKEW_SECONDS = 300;
const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

export type StarkSandbox = { url: string; bank: Bank; stop: () => Promise<void> };

/** The bank's stand-in on this machine's own address: the same paths, JSON and signatures, kept in memory. */
export async function startStarkSandbox(options: StarkOptions): Promise<StarkSandbox> {
  const bank = openBank(options);
  const clientKey = createPublicKey(options.clientPublicKeyPem);
  const server = createServer((request, response) => {
    void handle(bank, clientKey, request, response).catch((error: unknown) => {
      if (!(error instanceof z.ZodError)) console.error(error);
      if (!response.headersSent) json(response, error instanceof z.ZodError ? 400 : 500, { errors: [{ code: error instanceof z.ZodError ? "invalidJson" : "internalServerError", message: "" }] });
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));
  resume(bank);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bank,
    stop: async () => {
      bank.isClosed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.allSettled(bank.pending);
    },
  };
}

const json = (response: ServerResponse, status: number, value: unknown) => response.writeHead(status, { ...HEADERS, "content-type": "application/json" }).end(JSON.stringify(value));

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += String(chunk);
    if (body.length > BODY_MAX) throw new Error("A body too large");
  }
  return body;
}

async function handle(bank: Bank, clientKey: KeyObject, request: IncomingMessage, response: ServerResponse) {
  const method = request.method ?? "GET";
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = await readBody(request);
  if (url.pathname.startsWith("/__sandbox/")) return knobs(bank, method, url.pathname, body, response);
  if (url.pathname === "/v2/public-key") return json(response, 200, { publicKeys: [{ content: createPublicKey(bank.signingKey).export({ format: "pem", type: "spki" }).toString() }], cursor: null });
  const fault = takeFault(bank, `${method} ${url.pathname}`);
  if (fault === "500" || fault === "401" || fault === "429") return json(response, Number(fault), { errors: [{ code: "sandboxFault", message: "" }] });
  const refusal = refusalOf(bank, clientKey, request, body);
  if (refusal) return json(response, 401, { errors: [{ code: refusal, message: "" }] });
  const pdfOf = /^\/v2\/transfer\/(\d+)\/pdf$/.exec(url.pathname)?.[1];
  if (pdfOf) return pdf(bank, pdfOf, response);
  const answer = answerTo(bank, method, url, body);
  // The call was carried out, and the answer is lost on the way.
  if (fault === "timeout-after-accept") return request.socket.destroy();
  return json(response, answer.status, answer.json);
}

function takeFault(bank: Bank, call: string) {
  const trap = bank.faults.find((fault) => fault.times > 0 && (fault.call === call || (fault.call.endsWith("/") && call.startsWith(fault.call))));
  if (trap) trap.times -= 1;
  return trap?.kind ?? null;
}

function refusalOf(bank: Bank, clientKey: KeyObject, { headers }: IncomingMessage, body: string): string | null {
  const time = Number(headers["access-time"]);
  if (headers["access-id"] !== `project/${bank.options.projectId}`) return "invalidAccessId";
  if (!Number.isInteger(time) || Math.abs(Date.now() / 1000 - time) > CLOCK_SKEW_SECONDS) return "invalidAccessTime";
  const isOurs = verify("sha256", Buffer.from(`project/${bank.options.projectId}:${time}:${body}`), clientKey, Buffer.from(String(headers["access-signature"]), "base64"));
  return isOurs ? null : "invalidSignature";
}

const PAGE = 100;

function answerTo(bank: Bank, method: string, url: URL, body: string): { status: number; json: unknown } {
  const key = /^\/v2\/dict-key\/(.+)$/.exec(url.pathname)?.[1];
  if (method === "GET" && key) return lookUp(bank, decodeURIComponent(key));
  if (method === "GET" && url.pathname === "/v2/balance") return { status: 200, json: { balances: [{ id: "1", amount: Number(bank.balance), currency: "BRL", updated: new Date().toISOString() }], cursor: null } };
  if (method === "POST" && url.pathname === "/v2/transfer") return createTransfer(bank, body);
  const transfers = bank.kept.map(({ transfer }) => transfer);
  if (method === "GET" && url.pathname === "/v2/transfer") {
    const tags = (url.searchParams.get("tags") ?? "").split(",").filter(Boolean);
    const chosen = transfers.filter((transfer) => tags.length === 0 || tags.some((tag) => transfer.tags.includes(tag))).toReversed();
    const from = Number(url.searchParams.get("cursor") ?? 0);
    return { status: 200, json: { transfers: chosen.slice(from, from + PAGE), cursor: chosen.length > from + PAGE ? String(from + PAGE) : null } };
  }
  const id = /^\/v2\/transfer\/([\w-]+)$/.exec(url.pathname)?.[1];
  const transfer = transfers.find((known) => known.id === id);
  return transfer ? { status: 200, json: { transfer } } : { status: 404, json: { errors: [{ code: "notFound", message: "" }] } };
}

async function pdf(bank: Bank, id: string, response: ServerResponse) {
  const transfer = bank.kept.find((kept) => kept.transfer.id === id)?.transfer;
  if (transfer?.status !== "success") return json(response, transfer ? 400 : 404, { errors: [{ code: transfer ? "invalidTransferStatus" : "notFound", message: "" }] });
  const file = await receiptPdf("Comprovante Pix (ambiente de teste)", [["Valor", `R$ ${decimalFromUnits(BigInt(transfer.amount), 2)}`], ["Para", transfer.name], ["E2E", transfer.metadata.authentication]]);
  return response.writeHead(200, { ...HEADERS, "content-type": "application/pdf" }).end(file);
}

const Settings = z.object({ stepMs: z.number().int().min(0).optional(), isByHand: z.boolean().optional(), webhookUrl: z.url().optional() });

/** For tests: faults, pace, sums. */
function knobs(bank: Bank, method: string, path: string, body: string, response: ServerResponse) {
  if (method === "GET" && path === "/__sandbox/ledger") return json(response, 200, ledgerOf(bank));
  if (method !== "POST") return json(response, 404, {});
  const input: unknown = JSON.parse(body || "{}");
  if (path === "/__sandbox/advance") advance(bank, z.object({ ticketId: z.string().optional() }).parse(input).ticketId);
  else if (path === "/__sandbox/faults") bank.faults.push(StarkFaultShape.parse(input));
  else if (path === "/__sandbox/rotate-key") {
    bank.signingKey = newKey();
    save(bank);
  } else if (path === "/__sandbox/settings") {
    const { stepMs, isByHand, webhookUrl } = Settings.parse(input);
    bank.stepMs = stepMs ?? bank.stepMs;
    bank.options.webhookUrl = webhookUrl ?? bank.options.webhookUrl;
    bank.isByHand = isByHand ?? bank.isByHand;
    if (isByHand === false) resume(bank);
  } else return json(response, 404, {});
  return json(response, 200, {});
}
