import type { Route } from "next";

/** What a QR code says to us. Only a link of our own origin leads anywhere: a store's, a charge's, a person's, a request's, or one of a text message. */
export type Scanned = { kind: "store"; shortCode: string } | { kind: "link"; path: Route } | { kind: "lookalike"; host: string } | { kind: "pix" } | { kind: "other" };

/** A person, a charge, a request, money that waits. */
const OWN_LINKS = /^\/(u\/[A-HJ-NP-Z2-9]{12}|c\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:q|claim)\/[A-Za-z0-9_-]{22})\/?$/;
const PAY_PATH = /^\/p\/([A-Za-z0-9]{3,20})\/?$/;
/** A BR Code begins with its format indicator and names the central bank's domain. */
const PIX = /^000201.*br\.gov\.bcb\.pix/is;
const TEXT_MAX = 2_000;

/**
 * Reads the text of a QR code. `ownOrigins` are the origins that are ours. Another address that has a store's path, our name in its
 * host, foreign letters that look like ours, or a name before an @ is called out as an imitation; everything else is simply not ours.
 */
export function readScanned(text: string, ownOrigins: readonly string[]): Scanned {
  const trimmed = text.trim().slice(0, TEXT_MAX);
  if (PIX.test(trimmed)) return { kind: "pix" };
  const url = /^https?:\/\//i.test(trimmed) ? parseUrl(trimmed) : null;
  if (!url) return { kind: "other" };
  const shortCode = PAY_PATH.exec(url.pathname)?.[1];
  const isPlain = url.username === "" && url.password === "";
  const link = OWN_LINKS.exec(url.pathname)?.[1];
  if (isPlain && ownOrigins.includes(url.origin)) return shortCode ? { kind: "store", shortCode: shortCode.toUpperCase() } : link ? { kind: "link", path: `/${link}` as Route } : { kind: "other" };
  const imitates = !isPlain || shortCode !== undefined || link !== undefined || /c[o0]c[o0]-?pa[yv]/i.test(url.hostname) || url.hostname.split(".").some((label) => label.startsWith("xn--"));
  return imitates ? { kind: "lookalike", host: url.host } : { kind: "other" };
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
