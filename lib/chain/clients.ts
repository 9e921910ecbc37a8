import "server-only";
import { BaseError, createPublicClient, defineChain, http, HttpRequestError, TimeoutError, type PublicClient } from "viem";
import { chainVariable } from "@/lib/env";
import { CHAINS, type ChainId } from "./chains";

/** Longest wait for a node's answer. Nobody waits on a node while they pay; the worker tries again on its own clock. */
const RPC_TIMEOUT_MS = 5_000;
/** Reads of the same tick travel in one HTTP request of at most this many. */
const RPC_BATCH_MAX = 100;

const clients = new Map<string, PublicClient>();

/** The chain's node, from RPC_URL_<id>. Throws a sentence that names the variable when it is missing. */
export const rpcUrl = (chainId: ChainId): string => chainVariable("RPC_URL", chainId);

/** One client a node, kept. It never retries by itself and caches nothing: callers decide with `isChainUnreachable`. */
export function publicClient(chainId: ChainId): PublicClient {
  const url = rpcUrl(chainId);
  const key = `${chainId} ${url}`;
  const known = clients.get(key);
  if (known) return known;
  const chain = defineChain({
    id: Number(chainId),
    name: CHAINS[chainId].name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const transport = http(url, { timeout: RPC_TIMEOUT_MS, retryCount: 0, batch: { batchSize: RPC_BATCH_MAX } });
  const client = createPublicClient({ chain, transport, cacheTime: 0 });
  clients.set(key, client);
  return client;
}

/** JSON-RPC codes of a node that is there but can't serve now: internal error, resource unavailable, limit exceeded. */
const BUSY_CODES = new Set([-32603, -32002, -32005]);

/**
 * True when the node could not be asked: no connection, a time-out, a gateway's error, a limit. False when it answered no,
 * such as a revert or a nonce too low. After true nothing is known about what was sent.
 */
export function isChainUnreachable(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  return error.walk((inner) => inner instanceof HttpRequestError || inner instanceof TimeoutError || isBusy(inner)) !== null;
}

function isBusy(error: unknown): boolean {
  const { code, data, message } = error as { code?: unknown; data?: unknown; message?: string };
  return typeof code === "number" && BUSY_CODES.has(code) && data === undefined && !/revert|nonce|underpriced|insufficient|known/i.test(message ?? "");
}
