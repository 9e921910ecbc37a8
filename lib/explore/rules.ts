import { CATEGORIES, type Category } from "@/lib/stores/rules";

/** Where somebody looks from: degrees. */
export type Place = { latitude: number; longitude: number };

/** The centre of the first shops' town, for whoever does not say where they are. */
export const HOME_TOWN: Place = { latitude: -27.5954, longitude: -48.548 };

export const STORES_PAGE = 20;
/** Nobody walks further; the bound of a "more" that is pressed again and again. */
export const STORES_SHOWN_MAX = 400;
/** A store that nobody paid for so long may have shut without a word; a store younger than this is new. */
export const SILENT_DAYS = 90;
export const SEARCH_LENGTH_MAX = 60;

/** What to show, as the page's address says it. */
export type ExploreFilter = { place: Place | null; search: string; category: Category | null; isOpenNow: boolean };

type Query = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");

/** Reads `near` (latitude,longitude), `q`, `category`, `open` of an address; what makes no sense is left out. */
export function filterOfQuery(query: Query): ExploreFilter {
  return {
    place: placeFromText(one(query["near"])),
    search: one(query["q"]).normalize("NFC").replace(/\s+/g, " ").trim().slice(0, SEARCH_LENGTH_MAX),
    category: CATEGORIES.find((category) => category === one(query["category"])) ?? null,
    isOpenNow: one(query["open"]) === "1",
  };
}

/** The other way round: what stands in the address. A place is kept to a hundred metres, nobody needs to hand on more. */
export function queryOfFilter({ place, search, category, isOpenNow }: ExploreFilter): Record<string, string> {
  return {
    ...(place ? { near: `${place.latitude.toFixed(3)},${place.longitude.toFixed(3)}` } : {}),
    ...(search === "" ? {} : { q: search }),
    ...(category ? { category } : {}),
    ...(isOpenNow ? { open: "1" } : {}),
  };
}

/** Degrees of "-27.595,-48.548"; null when that is no place on earth. */
export function placeFromText(text: string): Place | null {
  const [, latitude = "", longitude = ""] = /^(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?)$/.exec(text) ?? [];
  return latitude === "" ? null : onEarth({ latitude: Number(latitude), longitude: Number(longitude) });
}

/** The place itself when it is on earth, else null. */
export function onEarth(place: Place): Place | null {
  return Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 ? place : null;
}

/** Metres as people say them: to ten below a kilometre, then to a tenth, then whole. `unit` is "m" or "km". */
export function roundDistance(metres: number): { value: number; unit: "m" | "km" } {
  if (metres < 995) return { value: Math.max(10, Math.round(metres / 10) * 10), unit: "m" };
  return { value: metres < 9_950 ? Math.round(metres / 100) / 10 : Math.round(metres / 1_000), unit: "km" };
}

/** What a search compares with: small letters without accents, as store_search_text has it (0026). */
export const searchable = (text: string): string => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
