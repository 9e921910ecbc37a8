import "server-only";
import { sign, type KeyObject } from "node:crypto";
import { z } from "zod";
import { StarkError } from "./errors";

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1_000_000;

export type StarkAccess = {
  /** https://api.starkbank.com, their sandbox, or ours. */
  baseUrl: string;
  projectId: string;
  /** On secp256k1. */
  signingKey: KeyObject;
  timeoutMs?: number;
};

/**
 * The bank's signature of a request: ECDSA over secp256k1 with SHA-256, DER in base64, over who asks, the second, and the body; the path is not in it.
 * Source: starkbank/sdk-node, sdk/utils/request.js; RAILS.md §1.5.
 */
export const signStarkRequest = ({ key, accessId, time, body }: { key: KeyObject; accessId: string; time: number; body: string }): string => sign("sha256", Buffer.from(`${accessId}:${time}:${body}`), key).toString("base64");

const Refusal = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/** `named` stands for a path that holds what may tell who somebody is. */
type Ask = { query?: Record<string, string>; body?: unknown; named?: string };

/** One signed call, never repeated here. Fails with StarkError, whose `failure` says whether it may have happened. */
export async function request<S extends z.ZodType>(access: StarkAccess, schema: S, method: "GET" | "POST", path: string, ask: Ask = {}): Promise<z.output<S>> {
  const { call, status, bytes } = await send(access, method, path, ask);
  const answer = schema.safeParse(parseJson(bytes));
  if (!answer.success) throw new StarkError("uncertain", call, status);
  return answer.data;
}

/** One signed call for a file. Fails as `request` does. */
export async function requestFile(access: StarkAccess, path: string): Promise<Uint8Array> {
  return (await send(access, "GET", path, {})).bytes;
}

async function send(access: StarkAccess, method: "GET" | "POST", path: string, { query = {}, body, named = path }: Ask): Promise<{ call: string; status: number; bytes: Uint8Array }> {
  const call = `${method} ${named}`;
  const url = new URL(path, access.baseUrl);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const sent = body === undefined ? "" : JSON.stringify(body);
  const [accessId, time] = [`project/${access.projectId}`, Math.floor(Date.now() / 1000)];
  let status: number;
  let bytes: Uint8Array;
  try {
    const response = await fetch(url, {
      method,
      headers: { "content-type": "application/json", "Access-Id": accessId, "Access-Time": String(time), "Access-Signature": signStarkRequest({ key: access.signingKey, accessId, time, body: sent }) },
      ...(sent ? { body: sent } : {}),
      redirect: "error",
      signal: AbortSignal.timeout(access.timeoutMs ?? TIMEOUT_MS),
    });
    status = response.status;
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new StarkError("uncertain", call, null);
  }
  const refusal = Refusal.safeParse(parseJson(bytes));
  const reason = refusal.success ? (refusal.data.errors[0]?.code ?? null) : null;
  if (status === 401 || status === 403) throw new StarkError("unauthorized", call, status, reason);
  if (status === 429) throw new StarkError("busy", call, status, reason);
  if (status >= 400 && status < 500 && status !== 408) throw new StarkError("refused", call, status, reason);
  if (status < 200 || status > 299 || bytes.length > ANSWER_BYTES_MAX) throw new StarkError("uncertain", call, status);
  return { call, status, bytes };
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > ANSWER_BYTES_MAX) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
