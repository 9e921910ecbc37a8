import { createServer, type Server } from "node:http";
import { encodeAbiParameters, keccak256, type Hex } from "viem";
import { sign } from "viem/accounts";
import { CCTP_DOMAIN } from "@/lib/chain/bridges";
import { CCTP_FINALITY, parseBurnMessage, parseSentMessages, withAttestedFields } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient, type AnvilClient } from "../chain/anvil-client";
import { LOCAL_ATTESTER_KEY } from "../chain/deploy-bridges";

/** A transaction is unknown to the first askers and then waits for confirmations, as at Circle. */
const POLLS_MISSING = 2;
const POLLS_PENDING = 1;
/** What a fast transfer costs, in basis points. */
const FAST_FEE_BPS = 1n;

/** What a person at the terminal or a test can make go wrong. */
export type IrisKnobs = {
  /** Until then (milliseconds since 1970) every message is unknown. */
  missingUntil: number;
  /** Signs with another key, so that no transmitter takes the attestation. */
  isWrong: boolean;
};

export type Iris = { url: string; knobs: IrisKnobs; stop: () => Promise<void> };

/** Nobody's: what it signs is refused. */
const WRONG_KEY: Hex = `0x${"0bad".repeat(16)}`;

/**
 * Circle's attestation service for local chains, with its HTTP interface: messages of a transaction (404 until it is seen, then pending, then
 * complete with the signed message) and the fees of a pair of chains. `PUT /knobs` with `{"missingForSeconds": 300}` or `{"isWrong": true}` lets it fail.
 */
export async function startIris({ chains, port = 0 }: { chains: { chainId: ChainId; rpcUrl: string }[]; port?: number }): Promise<Iris> {
  const clients = new Map(chains.map(({ chainId, rpcUrl }) => [CCTP_DOMAIN[chainId], { chainId, client: anvilClient(chainId, rpcUrl) }]));
  const knobs: IrisKnobs = { missingUntil: 0, isWrong: false };
  const polls = new Map<string, number>();

  const answer = async (method: string, url: URL, body: string): Promise<{ status: number; json: unknown }> => {
    if (method === "PUT" && url.pathname === "/knobs") return { status: 200, json: turn(knobs, body) };
    const fees = /^\/v2\/burn\/USDC\/fees\/(\d+)\/(\d+)$/.exec(url.pathname);
    if (fees) {
      if (!clients.has(Number(fees[1])) || !clients.has(Number(fees[2]))) return { status: 400, json: { code: 400, message: "Invalid domain" } };
      return { status: 200, json: [{ finalityThreshold: CCTP_FINALITY.fast, minimumFee: Number(FAST_FEE_BPS) }, { finalityThreshold: CCTP_FINALITY.standard, minimumFee: 0 }] };
    }
    // Signed anew at every question anyway.
    if (method === "POST" && url.pathname.startsWith("/v2/reattest/")) return { status: 200, json: { message: "Re-attestation requested" } };
    const messages = /^\/v2\/messages\/(\d+)$/.exec(url.pathname);
    const source = messages && clients.get(Number(messages[1]));
    const hash = url.searchParams.get("transactionHash");
    const notFound = { status: 404, json: { code: 404, error: "Message hash not found" } };
    if (!source || !hash || Date.now() < knobs.missingUntil) return notFound;
    const sent = await messagesOf(source, hash as Hex);
    if (sent.length === 0) return notFound;
    const poll = (polls.get(hash) ?? 0) + 1;
    polls.set(hash, poll);
    if (poll <= POLLS_MISSING) return notFound;
    const isPending = poll <= POLLS_MISSING + POLLS_PENDING;
    return { status: 200, json: { messages: await Promise.all(sent.map((message, index) => attest({ message, nonce: nonceOf(hash as Hex, index), isPending, isWrong: knobs.isWrong }))) } };
  };

  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      void answer(request.method ?? "GET", new URL(request.url ?? "/", "http://localhost"), body)
        .catch((error: unknown) => ({ status: 500, json: { code: 500, error: String(error) } }))
        .then(({ status, json }) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json)));
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${portOf(server)}`, knobs, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

function turn(knobs: IrisKnobs, body: string): IrisKnobs {
  const asked = JSON.parse(body) as { missingForSeconds?: number; isWrong?: boolean };
  if (asked.missingForSeconds !== undefined) knobs.missingUntil = Date.now() + asked.missingForSeconds * 1_000;
  if (asked.isWrong !== undefined) knobs.isWrong = asked.isWrong;
  return knobs;
}

async function messagesOf({ chainId, client }: { chainId: ChainId; client: AnvilClient }, hash: Hex): Promise<Hex[]> {
  const receipt = await client.getTransactionReceipt({ hash }).catch(() => null);
  return receipt ? parseSentMessages(chainId, receipt.logs) : [];
}

const nonceOf = (hash: Hex, index: number): Hex => keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [hash, BigInt(index)]));

async function attest({ message, nonce, isPending, isWrong }: { message: Hex; nonce: Hex; isPending: boolean; isWrong: boolean }) {
  const burn = parseBurnMessage(message);
  const fastFee = burn ? (burn.amountUsdMicros * FAST_FEE_BPS + 9_999n) / 10_000n : 0n;
  // Who offers less than the fast fee gets the standard transfer without a word.
  const isFast = burn !== null && burn.minFinality <= CCTP_FINALITY.fast && burn.maxFeeUsdMicros >= fastFee;
  const attested = withAttestedFields(message, { nonce, executedFinality: isFast ? CCTP_FINALITY.fast : CCTP_FINALITY.standard, feeUsdMicros: isFast ? fastFee : 0n });
  const signature = await sign({ hash: keccak256(attested), privateKey: isWrong ? WRONG_KEY : LOCAL_ATTESTER_KEY, to: "hex" });
  return { message: isPending ? "0x" : attested, eventNonce: nonce, attestation: isPending ? "PENDING" : signature, cctpVersion: 2, status: isPending ? "pending_confirmations" : "complete", delayReason: null };
}
