import { DomainError } from "@/lib/errors";

export const DEPLOYMENT_STATUSES = ["pending", "deploying", "deployed", "failed"] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** What a store sells. The key is stored; the words are `store.categories` in each language. */
export const CATEGORIES = ["cafe", "restaurant", "bar", "market", "beach", "fashion", "crafts", "beauty", "health", "sport", "lodging", "transport", "services", "other"] as const;
export type Category = (typeof CATEGORIES)[number];

/** Letters and digits that nobody confuses at a counter: no I, O, 0, 1. Short codes and confirmation codes use them. */
export const CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
export const SHORT_CODE_LENGTH = 6;
const SHORT_CODE = new RegExp(`^[${CODE_ALPHABET}]{${SHORT_CODE_LENGTH}}$`);

/** The payer's share of each issuance, in basis points; written on chain for ever. */
export const REWARD_RATE_BPS_MIN = 100;
export const REWARD_RATE_BPS_MAX = 2000;
export const REWARD_RATE_BPS_STEP = 50;
export const REWARD_RATE_BPS_DEFAULT = 500;

export const SYMBOL_LENGTH_MIN = 3;
export const SYMBOL_LENGTH_MAX = 10;
export const STORE_NAME_LENGTH_MAX = 60;
export const PLACE_LENGTH_MAX = 160;

/** Where the first shops are; a store whose browser names no time zone keeps this one's days. */
export const DEFAULT_TIME_ZONE = "America/Sao_Paulo";

/** Names of money and of ourselves: a store's rewards must not pass for them. */
const RESERVED_SYMBOLS = new Set(["USD", "USDC", "USDT", "BRL", "EUR", "ETH", "WETH", "BTC", "WBTC", "DAI", "PIX", "COCO", "COCOPAY", "NANA", "REV"]);

/** Control, bidirectional and invisible characters; fillers that look like nothing; the brackets of markup. */
const FORBIDDEN_IN_NAMES = /[\p{C}\p{Zl}\p{Zp}<>\u115F\u1160\u2800\u3164\uFFA0]/u;
/** More marks on one letter than any language writes: they draw over the neighbours. */
const STACKED_MARKS = /\p{M}{4,}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** A store's name as it is kept: NFC, single spaces, 2 to 60 visible characters. Fails with store_name_invalid; nothing is silently removed but spaces. */
export function storeNameFromTyped(text: string): string {
  return cleanText(text, 2, STORE_NAME_LENGTH_MAX) ?? fail("store_name_invalid");
}

/** Street, quarter, city in the owner's words. Fails with place_invalid. */
export function placeFromTyped(text: string): string {
  return cleanText(text, 3, PLACE_LENGTH_MAX) ?? fail("place_invalid");
}

/** One line of visible text with a letter or digit in it, NFC, single spaces; null for anything else. */
export function cleanText(text: string, min: number, max: number): string | null {
  const clean = text.normalize("NFC").replace(/[\t\n\r \u00a0]+/g, " ").trim();
  const length = [...clean].filter((character) => !/\p{M}/u.test(character)).length;
  const isFine = length >= min && length <= max && LETTER_OR_DIGIT.test(clean) && !FORBIDDEN_IN_NAMES.test(clean) && !STACKED_MARKS.test(clean);
  return isFine ? clean : null;
}

/** The rewards' symbol in capitals, 3 to 10 letters A–Z. Fails with symbol_invalid, and with symbol_taken for a reserved one. */
export function symbolFromTyped(text: string): string {
  const symbol = text.trim().toUpperCase();
  if (!/^[A-Z]{3,10}$/.test(symbol)) throw new DomainError("symbol_invalid");
  if (RESERVED_SYMBOLS.has(symbol)) throw new DomainError("symbol_taken");
  return symbol;
}

/** One of the list. Fails with category_invalid. */
export function categoryFromTyped(text: string): Category {
  return CATEGORIES.find((category) => category === text) ?? fail("category_invalid");
}

/** Basis points on the scale. Fails with reward_rate_invalid. */
export function rewardRateFromTyped(text: string): number {
  const bps = /^\d{3,4}$/.test(text) ? Number(text) : Number.NaN;
  const isFine = bps >= REWARD_RATE_BPS_MIN && bps <= REWARD_RATE_BPS_MAX && bps % REWARD_RATE_BPS_STEP === 0;
  return isFine ? bps : fail("reward_rate_invalid");
}

/** The short code inside what a person typed or a camera read by hand: spaces, dashes and small letters are forgiven. Null when it is none. */
export function shortCodeFromTyped(text: string): string | null {
  const code = text.replace(/[\s-]/g, "").toUpperCase();
  return SHORT_CODE.test(code) ? code : null;
}

/** A random source gives bytes; 32 characters take five bits of each, without bias. */
export function shortCodeFromBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, SHORT_CODE_LENGTH), (byte) => CODE_ALPHABET[byte & 31]).join("");
}

/** A zone that this runtime knows, else the default. No shop keeps UTC: a device that says so has not been told where it is. */
export function timeZoneFromTyped(text: string | undefined): string {
  if (!text || text.length > 64 || /^(UTC|GMT|Etc\/)/.test(text)) return DEFAULT_TIME_ZONE;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return DEFAULT_TIME_ZONE;
  }
}

export const DESCRIPTION_LENGTH_MAX = 600;
export const REWARD_NOTE_LENGTH_MAX = 140;
export const LEGAL_NAME_LENGTH_MAX = 120;
const WEBSITE_LENGTH_MAX = 200;
/** Parts of the settings; each is sent, checked and recorded by itself. */
export const SETTINGS_SECTIONS = ["profile", "place", "hours", "links", "business"] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

const textInvalid = (limit: number): never => {
  throw new DomainError("text_invalid", { limit });
};

/** What a store says of itself, in lines; empty is null. Fails with text_invalid {limit}. */
export function descriptionFromTyped(text: string): string | null {
  const lines = text.normalize("NFC").replace(/\r\n?/g, "\n").split("\n").map((line) => line.replace(/[\t \u00a0]+/g, " ").trim());
  const clean = lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
  if (clean === "") return null;
  const isFine = [...clean].length <= DESCRIPTION_LENGTH_MAX && !FORBIDDEN_IN_NAMES.test(clean.replaceAll("\n", " ")) && !STACKED_MARKS.test(clean);
  return isFine ? clean : textInvalid(DESCRIPTION_LENGTH_MAX);
}

/** One line such as a note or a legal name; empty is null. Fails with text_invalid {limit}. */
export function lineFromTyped(text: string, limit: number): string | null {
  return text.trim() === "" ? null : (cleanText(text, 2, limit) ?? textInvalid(limit));
}

/** A website of the store's own: https, a real host, no password in it. "minhaloja.com.br" is completed. Empty is null. Fails with link_invalid. */
export function websiteFromTyped(text: string): string | null {
  const typed = text.trim();
  if (typed === "") return null;
  const full = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  const isFine = url && url.protocol === "https:" && url.username === "" && url.password === "" && url.port === "" && /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/.test(url.hostname) && url.href.length <= WEBSITE_LENGTH_MAX;
  if (!isFine) throw new DomainError("link_invalid");
  return url.href;
}

/** A name on Instagram, also from "@name" and from the address of its page; empty is null. Fails with link_invalid. */
export function instagramFromTyped(text: string): string | null {
  const name = text
    .trim()
    .replace(/^(https:\/\/)?(www\.)?instagram\.com\//i, "")
    .replace(/[/?].*$/, "")
    .replace(/^@/, "");
  if (name === "") return null;
  if (!/^[A-Za-z0-9._]{1,30}$/.test(name)) throw new DomainError("link_invalid");
  return name.toLowerCase();
}

/** Degrees to the six decimals of a tenth of a metre, or none at all. Fails with coordinates_invalid: one alone, no number, not on earth. */
export function coordinatesFromTyped(latitude: string, longitude: string): { latitude: string; longitude: string } | null {
  const [typedLatitude, typedLongitude] = [latitude, longitude].map((text) => text.trim().replace(",", "."));
  if (!typedLatitude && !typedLongitude) return null;
  const numbers = [typedLatitude, typedLongitude].map((text) => (text && /^-?\d{1,3}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN));
  const [y = Number.NaN, x = Number.NaN] = numbers;
  if (!(Math.abs(y) <= 90 && Math.abs(x) <= 180)) throw new DomainError("coordinates_invalid");
  return { latitude: y.toFixed(6), longitude: x.toFixed(6) };
}

/** A zone of the runtime's own list. Fails with time_zone_invalid. */
export function chosenTimeZone(text: string): string {
  if (!timeZones().includes(text)) throw new DomainError("time_zone_invalid");
  return text;
}

/** The zones that a store may keep: places, not offsets. */
export const timeZones = (): string[] => Intl.supportedValuesOf("timeZone").filter((zone) => zone.includes("/") && !zone.startsWith("Etc/"));

/** A closed store may open again for so long. */
export const REOPEN_DAYS = 30;

/** Whether somebody wrote a store's name, as people write: capitals, accents of the keyboard's making and spaces round it don't count. */
export const isSameName = (typed: string, name: string): boolean => nameKey(typed) === nameKey(name);
const nameKey = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim().toLocaleLowerCase("pt-BR");

/** What a customer gets back on an amount, and what the store keeps of it; the two always add up. Any unit of money. */
export function splitByRewardRate(amount: bigint, rewardRateBps: number): { reward: bigint; kept: bigint } {
  const reward = (amount * BigInt(rewardRateBps)) / 10_000n;
  return { reward, kept: amount - reward };
}

const SMALL_WORDS = new Set(["DE", "DA", "DO", "DAS", "DOS", "E", "A", "O", "AS", "OS", "EL", "LA", "LOS", "LAS", "DEL", "Y", "THE", "OF", "AND", "NO", "NA"]);

/** Symbols that a name suggests, best first, all valid and different: "Café da Praia" gives CAFE, CAFEPRAIA, PRAIACAFE, CAFEDAPRAI… */
export function symbolSuggestions(name: string): string[] {
  const letters = name.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase().replace(/[^A-Z]+/g, " ").trim();
  const all = letters.split(" ").filter(Boolean);
  if (all.length === 0) return [];
  const words = all.filter((word) => !SMALL_WORDS.has(word));
  const [first = "", second = "", third = ""] = words.length > 0 ? words : all;
  const initials = all.map((word) => word[0]).join("");
  const candidates = [
    first,
    first + second,
    second + first,
    initials.slice(0, -1) + (words.at(-1) ?? ""),
    first + second.slice(0, 3),
    first.slice(0, 4) + second.slice(0, 4),
    first.slice(0, 3) + second.slice(0, 3) + third.slice(0, 3),
    second,
    initials,
    all.join(""),
    `${first}LOJA`,
    `LOJA${first}`,
    `${first}CO`,
    `${first}BR`,
    `${first}SC`,
    ...["X", "Y", "Z", "W", "V"].map((letter) => first.slice(0, SYMBOL_LENGTH_MAX - 1) + letter),
  ];
  const fitting = candidates.map((candidate) => candidate.slice(0, SYMBOL_LENGTH_MAX)).filter((candidate) => candidate.length >= SYMBOL_LENGTH_MIN && !RESERVED_SYMBOLS.has(candidate));
  return [...new Set(fitting)];
}

/** How far the opening of a store is, over all its chains, in the words of the look. */
export type Readiness = "ready" | "preparing" | "partly_ready" | "failed";

/** Ready when payments are possible everywhere; partly when somewhere; failed only when nothing works and nothing is under way. */
export function readinessOf(statuses: readonly DeploymentStatus[]): Readiness {
  const isAll = (status: DeploymentStatus) => statuses.length > 0 && statuses.every((own) => own === status);
  if (isAll("deployed")) return "ready";
  if (statuses.includes("deployed")) return "partly_ready";
  return isAll("failed") ? "failed" : "preparing";
}

function fail(code: "store_name_invalid" | "place_invalid" | "category_invalid" | "reward_rate_invalid"): never {
  throw new DomainError(code);
}
