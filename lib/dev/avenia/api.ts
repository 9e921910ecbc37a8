import { createPublicKey, randomBytes, randomUUID, verify } from "node:crypto";
import { z } from "zod";
import { decimalFromUnits, unitsFromDecimal } from "@/lib/avenia/decimals";
import { dynamicBrCode, encodeBrCode } from "@/lib/brcode/br-code";
import { attemptJson, ticketJson } from "./payments";
import { addBeneficiary, balancesOf, createPayout, limitsOf, listBeneficiaries, payoutQuote, payoutReceipt, pixInfo, walletOf } from "./payout-api";
import { depositJson, payoutJson } from "./payouts";
import { Refusal, refuse } from "./refusal";
import { nowText, type World } from "./world";

export type ApiRequest = { method: string; path: string; uri: string; query: URLSearchParams; headers: Record<string, string | undefined>; body: string };
export type ApiAnswer = { status: number; json?: unknown; pdf?: Uint8Array };

const CLOCK_SKEW_MS = 300_000;
/** Reais per dollar × 1,000,000: a little above the rate that the app shows, as a provider's is. */
const PRICE_MICROS = 5_560_000n;
const CONVERSION_BPS = 50n;
const DELIVERY_CENTAVOS = 20n;
const QUOTE_SECONDS = 15;
const MIN_CENTAVOS = 500n;

/** Answers one call of the provider's interface, after its signature was checked. */
export async function answerApi(world: World, request: ApiRequest): Promise<ApiAnswer> {
  try {
    if (request.path === "/v2/public-key") return { status: 200, json: { publicKey: createPublicKey(world.state.privateKeyPem).export({ format: "pem", type: "pkcs1" }).toString() } };
    checkSignature(world, request);
    const [, receiptOf] = /^\/v2\/account\/tickets\/([\w-]+)\/receipt$/.exec(request.path) ?? [];
    if (request.method === "GET" && receiptOf) return { status: 200, pdf: await payoutReceipt(world, account(world, request.query), receiptOf) };
    return { status: 200, json: route(world, request) };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, json: { error: error.code } };
    if (error instanceof z.ZodError) return { status: 400, json: { error: "invalid-request" } };
    throw error;
  }
}

function checkSignature(world: World, { method, uri, headers, body }: ApiRequest) {
  const time = Number(headers["x-api-timestamp"]);
  if (headers["x-api-key"] !== world.options.apiKey) refuse("unauthorized", 401);
  if (!Number.isInteger(time) || Math.abs(Date.now() - time) > CLOCK_SKEW_MS) refuse("timestamp-out-of-window", 401);
  const signature = Buffer.from(headers["x-api-signature"] ?? "", "base64");
  if (!verify("RSA-SHA256", Buffer.from(`${time}${method}${uri}${body}`), world.clientKey, signature)) refuse("invalid-signature", 401);
}

function route(world: World, request: ApiRequest): unknown {
  const { method, path } = request;
  const [, id = ""] = /^\/v2\/(?:account\/tickets|kyc\/attempts)\/([\w-]+)$/.exec(path) ?? [];
  if (method === "POST" && path === "/v2/account/sub-accounts") return createSubAccount(world, request);
  if (method === "GET" && path === "/v2/account/sub-accounts") return listSubAccounts(world, request);
  if (method === "GET" && path === "/v2/account/account-info") return accountInfo(world, request);
  if (method === "POST" && path === "/v2/kyc/new-level-1/web-sdk") return startAttempt(world, request);
  if (method === "GET" && path.startsWith("/v2/kyc/attempts/")) return { attempt: attemptJson(world.state.attempts.find((attempt) => attempt.id === id) ?? refuse("not-found", 404)) };
  if (method === "GET" && path === "/v2/kyc/attempts") return { attempts: world.state.attempts.filter(({ subAccountId }) => subAccountId === account(world, request.query).id).toReversed().map(attemptJson), cursor: "" };
  if (method === "GET" && path === "/v2/account/balances") return balancesOf(account(world, request.query));
  if (method === "GET" && path === "/v2/account/limits") return limitsOf(world, account(world, request.query));
  if (method === "GET" && path === "/v2/account/bank-accounts/brl/pix-info") return pixInfo(world, account(world, request.query), request.query.get("pixKey") ?? "");
  if (path === "/v2/account/beneficiaries/bank-accounts/brl" && method === "POST") return addBeneficiary(world, account(world, request.query), request.body);
  if (path === "/v2/account/beneficiaries/bank-accounts/brl" && method === "GET") return listBeneficiaries(world, account(world, request.query), request.query.get("alias"));
  if (method === "GET" && path === "/v2/account/quote/fixed-rate") return request.query.get("inputCurrency") === "USDC" && request.query.get("inputPaymentMethod") === "INTERNAL" ? payoutQuote(world, account(world, request.query), request.query) : quote(world, request);
  if (method === "POST" && path === "/v2/account/tickets") return request.body.includes('"ticketBrlPixOutput"') ? createPayout(world, account(world, request.query), request.body) : createTicket(world, request);
  if (method === "GET" && path === "/v2/account/tickets") return listTickets(world, request);
  if (method === "GET" && path.startsWith("/v2/account/tickets/")) return { ticket: oneTicket(world, request, id) };
  if (method === "GET" && path === "/v2/notifications/webhooks") return { webhooks: world.state.webhooks, cursor: "" };
  if (method === "POST" && path === "/v2/notifications/webhooks") return subscribe(world, request);
  if (method === "GET" && path.startsWith("/v2/notifications/webhooks/events")) return { events: world.state.events.toReversed().slice(0, 100), cursor: "" };
  return refuse("not-found", 404);
}

const account = (world: World, query: URLSearchParams) => world.state.subAccounts.find(({ id }) => id === query.get("subAccountId")) ?? refuse("sub-account-not-found", 404);

const SubAccount = z.object({ accountType: z.enum(["INDIVIDUAL", "COMPANY"]), name: z.string().min(1).max(120) });
function createSubAccount(world: World, { body }: ApiRequest) {
  const input = SubAccount.parse(JSON.parse(body));
  const id = randomUUID();
  world.state.subAccounts.push({ id, ...input, isIdentified: false, createdAt: nowText() });
  world.save();
  return { id };
}

const accountJson = ({ id, accountType, name, isIdentified, createdAt }: World["state"]["subAccounts"][number]) => ({
  subAccountId: id, mainAccountId: "main", createdAt, accountInfo: { id, accountType, name, fullName: isIdentified ? name : "", identityStatus: isIdentified ? "CONFIRMED" : "NOT-IDENTIFIED" },
});
const listSubAccounts = (world: World, { query }: ApiRequest) => ({ subAccounts: world.state.subAccounts.filter(({ name }) => !query.get("name") || name.includes(query.get("name") ?? "")).map(accountJson), cursor: "" });
function accountInfo(world: World, { query }: ApiRequest) {
  const own = account(world, query);
  return { ...accountJson(own), wallets: [{ id: own.id, chain: "EVM", walletAddress: walletOf(own) }], pixKey: own.id, brCode: "" };
}

function startAttempt(world: World, { query, body }: ApiRequest) {
  const { redirectUrl } = z.object({ redirectUrl: z.url() }).parse(JSON.parse(body));
  const id = randomUUID();
  const own = account(world, query);
  const isCompany = own.accountType === "COMPANY";
  world.state.attempts.push({ id, subAccountId: own.id, redirectUrl, status: "PENDING", result: "", resultMessage: "", retryable: true, createdAt: nowText(), updatedAt: nowText(), ...(isCompany && { parts: { company: null, representative: null } }) });
  world.save();
  const page = `${world.origin}/__sandbox/kyc/${id}`;
  if (isCompany) return { attemptId: id, authorizedRepresentativeUrl: `${page}?part=representative`, basicCompanyDataUrl: page };
  return { attemptId: id, kycUrl: page };
}

function quote(world: World, { query }: ApiRequest) {
  const own = account(world, query);
  const is = (name: string, value: string) => query.get(name) === value || refuse(`unsupported-${name}`);
  is("inputCurrency", "BRL");
  is("inputPaymentMethod", "PIX");
  is("outputCurrency", "USDC");
  is("outputPaymentMethod", "BASE");
  if (!own.isIdentified) refuse("account-not-identified");
  const inputAmount = query.get("inputAmount") ?? "";
  if (!/^\d+(\.\d{1,2})?$/.test(inputAmount)) refuse("invalid-amount");
  const centavos = unitsFromDecimal(inputAmount, 2);
  if (centavos < MIN_CENTAVOS) refuse("amount-too-small");
  const conversion = (centavos * CONVERSION_BPS + 9_999n) / 10_000n;
  const units = ((centavos - conversion - DELIVERY_CENTAVOS) * 10_000_000_000n) / PRICE_MICROS;
  const token = randomBytes(24).toString("base64url");
  const made = { token, subAccountId: own.id, inputAmount: decimalFromUnits(centavos, 2), outputAmount: decimalFromUnits(units, 6), outputUnits: units.toString(), expiresAt: Date.now() + (world.options.quoteSeconds ?? QUOTE_SECONDS) * 1000 };
  world.quotes.set(token, made);
  return {
    quoteToken: token, inputCurrency: "BRL", inputPaymentMethod: "PIX", inputAmount: made.inputAmount, outputCurrency: "USDC", outputPaymentMethod: "BASE", outputAmount: made.outputAmount,
    markupAmount: "0", markupCurrency: "", inputThirdParty: false, outputThirdParty: query.get("outputThirdParty") === "true",
    appliedFees: [
      { type: "Conversion Fee", amount: decimalFromUnits(conversion, 2), currency: "BRL", rebatable: false },
      { type: "Gas Fee", amount: decimalFromUnits(DELIVERY_CENTAVOS, 2), currency: "BRL", rebatable: false },
    ],
    basePrice: decimalFromUnits(PRICE_MICROS, 6), pairName: "BRLUSDC",
  };
}

const NewTicket = z.object({
  quoteToken: z.string(),
  externalId: z.string().max(200).optional(),
  ticketBlockchainOutput: z.object({ walletChain: z.literal("BASE"), walletAddress: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }),
  ticketBrlPixInput: z.object({ additionalData: z.string().max(72) }),
  customDuration: z.number().int().min(300).max(600).default(600),
});
function createTicket(world: World, { query, body }: ApiRequest) {
  const own = account(world, query);
  const input = NewTicket.parse(JSON.parse(body));
  const known = world.quotes.get(input.quoteToken) ?? refuse("quote-not-found");
  if (known.expiresAt < Date.now()) refuse("quote-expired");
  if (known.subAccountId !== own.id) refuse("quote-of-another-account");
  world.quotes.delete(known.token);
  const id = randomUUID();
  const expiration = new Date(Date.now() + input.customDuration * 1000).toISOString();
  const brCode = encodeBrCode(dynamicBrCode({ url: `pix.sandbox.example/v2/${id.replaceAll("-", "")}`, amountBrlCentavos: unitsFromDecimal(known.inputAmount, 2), name: "Avenia Sandbox", city: "Florianópolis" }));
  world.state.tickets.push({
    id, subAccountId: own.id, externalId: input.externalId ?? "", status: "UNPAID", failureReason: "", inputAmount: known.inputAmount, outputUnits: known.outputUnits,
    walletAddress: input.ticketBlockchainOutput.walletAddress, brCode, expiration, txHash: "", createdAt: nowText(), updatedAt: nowText(),
  });
  world.save();
  return { id, brCode, expiration };
}

const PAGE = 100;

/** Pix in, Pix out and deposits alike, the newest first. */
function listTickets(world: World, { query }: ApiRequest) {
  const own = account(world, query).id;
  const mine = <T extends { subAccountId: string }>(list: T[]): T[] => list.filter(({ subAccountId }) => subAccountId === own);
  const all = [...mine(world.state.tickets).map(ticketJson), ...mine(world.state.payouts).map(payoutJson), ...mine(world.state.deposits).map(depositJson)];
  const asked = (name: string, value: string | undefined) => !query.get(name) || query.get(name) === value;
  const chosen = all
    .filter((ticket) => asked("externalId", ticket.externalId) && asked("status", ticket.status))
    .filter((ticket) => ["inputCurrency", "inputPaymentMethod", "outputCurrency", "outputPaymentMethod"].every((name) => asked(name, "quote" in ticket ? Object.entries(ticket.quote).find(([key]) => key === name)?.[1]?.toString() : undefined)))
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const from = Number(query.get("cursor") ?? 0);
  return { tickets: chosen.slice(from, from + PAGE), cursor: chosen.length > from + PAGE ? String(from + PAGE) : "" };
}

function oneTicket(world: World, { query }: ApiRequest, id: string) {
  const ticket = world.state.tickets.find((known) => known.id === id);
  if (ticket) return ticketJson(ticket);
  const own = account(world, query).id;
  const payout = world.state.payouts.find((known) => known.id === id && known.subAccountId === own);
  if (payout) return payoutJson(payout);
  return depositJson(world.state.deposits.find((known) => known.id === id && known.subAccountId === own) ?? refuse("not-found", 404));
}

const MAX_WEBHOOKS = 3;
function subscribe(world: World, { body }: ApiRequest) {
  const { webhookUrl, subscriptions } = z.object({ webhookUrl: z.url(), subscriptions: z.array(z.string()).min(1) }).parse(JSON.parse(body));
  // The stack may come up on another port: the oldest address makes room, where the provider would refuse a fourth.
  if (world.state.webhooks.length >= MAX_WEBHOOKS) world.state.webhooks.shift();
  const id = randomUUID();
  world.state.webhooks.push({ id, url: webhookUrl, subscriptions });
  world.save();
  return { webhookId: id };
}
