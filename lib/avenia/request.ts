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

/**
 * One signed call. Never repeated here: whoever asked knows whether it may be. Keys and bodies reach no log.
 * Fails with AveniaError, whose `failure` says whether it may have happened.
 */
export async function request<S extends z.ZodType>(access: AveniaAccess, schema: S, method: "GET" | "POST", path: string, { query = {}, body }: { query?: Query; body?: unknown } = {}): Promise<z.output<S>> {
  const call = `${method} ${path}`;
  const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
  const requestUri = search.size > 0 ? `${path}?${search}` : path;
  const sent = body === undefined ? "" : JSON.stringify(body);
  const timestampMs = (access.now ?? Date.now)();
  let status: number;
  let text: string;
  try {
    const response = await fetch(new URL(requestUri, access.baseUrl), {
      method,
      headers: {
        accept: "application/json",
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
    text = await response.text();
  } catch {
    throw new AveniaError("uncertain", call, null);
  }
  const json = text.length <= ANSWER_BYTES_MAX ? parseJson(text) : undefined;
  if (status === 401 || status === 403) throw new AveniaError("unauthorized", call, status, reasonOf(json));
  if (status === 429) throw new AveniaError("busy", call, status);
  if (status >= 400 && status < 500 && status !== 408) throw new AveniaError("refused", call, status, reasonOf(json));
  const answer = schema.safeParse(json);
  if (status < 200 || status > 299 || !answer.success) throw new AveniaError("uncertain", call, status);
  return answer.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
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
