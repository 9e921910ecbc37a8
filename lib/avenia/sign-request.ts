import "server-only";
import { sign, type KeyObject } from "node:crypto";

/**
 * The provider's signature of a request: RSA-SHA256, PKCS#1 v1.5, base64, over time in milliseconds, method, path with its query, and the body
 * as it is sent. Source: Avenia integration guide, "API keys"; RAILS.md §1.2.
 */
export const signRequest = ({ key, timestampMs, method, requestUri, body }: { key: KeyObject; timestampMs: number; method: string; requestUri: string; body: string }): string =>
  sign("RSA-SHA256", Buffer.from(`${timestampMs}${method}${requestUri}${body}`), key).toString("base64");
