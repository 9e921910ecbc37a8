import "server-only";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { AveniaError } from "./errors";
import { signRequest } from "./sign-request";

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 1_000_000;

export type AveniaAccess = {
  /** https://api.avenia.io:8443, their sandbox, or ours. */
  baseUrl: string;
  apiKey: string;
  signingKey: KeyObject;
  timeoutMs?: number;
  now?: () => number;
};

export type Query = Record<string, string | boolean | undefined>;

/** Says why, in one of several shapes. */
const Refusal = z.object({ error: z.string().optional(), message: z.string().optional(), code: z.string().optional() });

type Ask = { query?: Query; body?: unknown };

/**
 * One signed call. Never repeated here: whoever asked knows whether it may be. Keys and bodies reach no log.
 * Fails with AveniaError, whose `failure` says whether it may have happened.
 */
export async function request<S extends z.ZodType>(access: AveniaAccess, schema: S, method: "GET" | "POST", path: string, ask: Ask = {}): Promise<z.output<S>> {
  const { call, status, bytes } = await send(access, method, path, ask);
  const answer = schema.safeParse(parseJson(bytes));
  if (!answer.success) throw new AveniaError("uncertain", call, status);
  return answer.data;
}

/** One signed call for a file. Fails as `request` does. */
export async function requestFile(access: AveniaAccess, path: string, ask: Ask = {}): Promise<Uint8Array> {
  return (await send(access, "GET", path, ask)).bytes;
}

type Answer = { call: string; status: number; bytes: Uint8Array };

async function send(access: AveniaAccess, method: "GET" | "POST", path: string, { query = {}, body }: Ask): Promise<Answer> {
  const call = `${method} ${path}`;
  const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
  const requestUri = search.size > 0 ? `${path}?${search}` : path;
  const sent = body === undefined ? "" : JSON.stringify(body);
  const timestampMs = (access.now ?? Date.now)();
  let status: number;
  let bytes: Uint8Array;
  try {
    const response = await fetch(new URL(requestUri, access.baseUrl), {
      method,
      headers: {
        accept: "application/json, application/pdf",
        ...(sent ? { "content-type": "application/json" } : {}),
        "X-API-Key": access.apiKey,
        "X-API-Timestamp": String(timestampMs),
        "X-API-Signature": signRequest({ key: access.signingKey, timestampMs, method, requestUri, body: sent }),
      },
      ...(sent ? { body: sent } : {}),
      redirect: "error",
      signal: AbortSignal.timeout(access.timeoutMs ?? TIMEOUT_MS),
    });
    status = response.status;
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new AveniaError("uncertain", call, null);
  }
  if (status === 401 || status === 403) throw new AveniaError("unauthorized", call, status, reasonOf(parseJson(bytes)));
  if (status === 429) throw new AveniaError("busy", call, status);
  if (status >= 400 && status < 500 && status !== 408) throw new AveniaError("refused", call, status, reasonOf(parseJson(bytes)));
  if (status < 200 || status > 299 || bytes.length > ANSWER_BYTES_MAX) throw new AveniaError("uncertain", call, status);
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

const REASON_MAX = 120;

function reasonOf(json: unknown): string | null {
  const refusal = Refusal.safeParse(json);
  const { code, error, message } = refusal.success ? refusal.data : {};
  return (code ?? error ?? message)?.slice(0, REASON_MAX) ?? null;
}
