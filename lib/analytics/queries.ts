import "server-only";
import { inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { tills, users } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { dayKey } from "@/lib/money-format";
import { getStoreFrame, type StoreHead } from "@/lib/stores/queries";
import { requirePermission } from "@/lib/team/require-permission";
import { can, type Role } from "@/lib/team/rules";
import { readCustomers, readFigures, readItemsSold, windowOf, type FiguresRead, type ItemSold, type StoreWindow } from "./read-figures";
import { periodAround, periodOf, previousOf, type Day, type Figures, type Period } from "./rules";

const ITEMS_SHOWN_MAX = 20;
const HOUR_MS = 3_600_000;

export type Customers = { unique: number; returning: number };

/** One bar of a day: the hour's first instant and the hour on the store's clock. A day with a clock change has 23 or 25. */
export type HourBar = { at: string; clock: number };

export type Analytics = {
  store: StoreHead;
  role: Role;
  today: Day;
  period: Period;
  /** What it is measured by; as far as the present period has come. */
  previous: Period;
  isUnderWay: boolean;
  figures: FiguresRead;
  before: Figures;
  customers: Customers;
  customersBefore: Customers;
  hours: HourBar[];
  items: ItemSold[];
  sellers: Named[];
  tills: Named[];
};

/** What somebody sold, or a till. `id` null: no charge was made, or none at a till. `name` null: nobody says it any more. */
export type Named = { id: string | null; name: string | null; figures: Figures };

/**
 * A store's figures of a period beside those before it. An unfinished period is measured by the same stretch of the one before, so that a morning
 * is not compared with a whole day. Fails with not_found, forbidden, period_invalid.
 */
export async function getAnalytics(actor: Actor, storeId: string, query: Record<string, string | undefined>, now = new Date()): Promise<Analytics> {
  await requirePermission(db, actor, storeId, "analytics.view");
  const { store, role } = await getStoreFrame(actor, storeId);
  const today = dayKey(now, store.timeZone);
  const period = periodOf(query, today);
  const previous = previousOf(period);
  const [window, whole] = await Promise.all([windowOf(store, period), windowOf(store, previous)]);
  const isUnderWay = window.from <= now && now < window.to;
  const before = isUnderWay ? upTo(whole, window, now) : whole;
  const [figures, figuresBefore, customers, customersBefore, items] = await Promise.all([
    readFigures(window, { withHours: period.kind === "day", withWeek: period.kind !== "day" }),
    readFigures(before),
    readCustomers(window),
    readCustomers(before),
    readItemsSold(window, { limit: ITEMS_SHOWN_MAX }),
  ]);
  const [sellers, tillsSold] = await Promise.all([namedSellers(figures.bySeller), namedTills(figures.byTill)]);
  const hours = period.kind === "day" ? hoursOf(window, figures) : [];
  return { store, role, today, period, previous, isUnderWay, figures, before: figuresBefore.total, customers, customersBefore, hours, items, sellers, tills: tillsSold };
}

/** As much of a window as has passed of another. */
function upTo(before: StoreWindow, present: StoreWindow, now: Date): StoreWindow {
  const to = new Date(Math.min(before.from.getTime() + now.getTime() - present.from.getTime(), before.to.getTime()));
  return { ...before, to };
}

export type TodayFigures = { day: Day; figures: FiguresRead; lastWeek: FiguresRead; beforeNow: Figures; customers: Customers; hours: HourBar[] };

/** The first page's figures: today beside the same weekday a week ago. Fails with not_found, forbidden. */
export async function getTodayFigures(actor: Actor, storeId: string, { timeZone }: Pick<StoreHead, "timeZone">, now = new Date()): Promise<TodayFigures> {
  await requirePermission(db, actor, storeId, "payments.view_all");
  const day = dayKey(now, timeZone);
  const period = periodAround("day", day);
  const [window, before] = await Promise.all([windowOf({ id: storeId, timeZone }, period), windowOf({ id: storeId, timeZone }, previousOf(period))]);
  const [figures, lastWeek, soFar, customers] = await Promise.all([readFigures(window, { withHours: true }), readFigures(before), readFigures(upTo(before, window, now)), readCustomers(window)]);
  return { day, figures, lastWeek, beforeNow: soFar.total, customers, hours: hoursOf(window, figures) };
}

export type DayClose = {
  store: StoreHead;
  role: Role;
  today: Day;
  day: Day;
  total: Figures;
  /** Each person at each till, the most first. Whoever may not see all payments finds the own lines. */
  lines: DayCloseLine[];
  isOwnOnly: boolean;
};
export type DayCloseLine = { till: { id: string | null; name: string | null }; seller: { id: string | null; name: string | null }; figures: Figures };

/**
 * A day by till and person. Whoever sees all payments may close any day; staff see what they sold themselves, today.
 * Fails with not_found, forbidden, period_invalid (no such day).
 */
export async function getDayClose(actor: Actor, storeId: string, on: string | undefined, now = new Date()): Promise<DayClose> {
  const { store, role } = await getStoreFrame(actor, storeId);
  const isOwnOnly = !can(role, "payments.view_all");
  const today = dayKey(now, store.timeZone);
  const period = periodOf({ period: "day", on }, today);
  await requirePermission(db, actor, storeId, isOwnOnly && period.from === today ? "payments.view_today" : "payments.view_all");
  const read = await readFigures(await windowOf(store, period), isOwnOnly ? { sellerId: actor.userId } : {});
  const [people, named] = await Promise.all([namesOfPeople(read.bySeller.keys()), namesOfTills(read.byTill.keys())]);
  const lines = read.byTillAndSeller
    .map(({ tillId, sellerId, figures }) => ({ till: { id: tillId, name: nameIn(named, tillId) }, seller: { id: sellerId, name: nameIn(people, sellerId) }, figures }))
    .toSorted((a, b) => compareNames(a.till.name, b.till.name) || mostFirst(a.figures, b.figures));
  return { store, role, today, day: period.from, total: read.total, lines, isOwnOnly };
}

const mostFirst = (a: Figures, b: Figures) => Number(b.grossBrlCentavos - a.grossBrlCentavos) || b.saleCount - a.saleCount;
/** Named ones by name, then what has none. */
const compareNames = (a: string | null, b: string | null) => Number(a === null) - Number(b === null) || (a ?? "").localeCompare(b ?? "", "pt-BR");
const nameIn = (names: ReadonlyMap<string, string | null>, id: string | null) => (id === null ? null : (names.get(id) ?? null));
const idsOf = (keys: Iterable<string | null>) => [...keys].filter((id) => id !== null);

async function namesOfPeople(keys: Iterable<string | null>): Promise<Map<string, string | null>> {
  const ids = idsOf(keys);
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function namesOfTills(keys: Iterable<string | null>): Promise<Map<string, string | null>> {
  const ids = idsOf(keys);
  if (ids.length === 0) return new Map();
  const rows = await db.select({ id: tills.id, name: tills.name }).from(tills).where(inArray(tills.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function namedSellers(parts: ReadonlyMap<string | null, Figures>): Promise<Named[]> {
  const names = await namesOfPeople(parts.keys());
  return [...parts].map(([id, figures]) => ({ id, name: nameIn(names, id), figures })).toSorted((a, b) => mostFirst(a.figures, b.figures));
}

async function namedTills(parts: ReadonlyMap<string | null, Figures>): Promise<Named[]> {
  const names = await namesOfTills(parts.keys());
  return [...parts].map(([id, figures]) => ({ id, name: nameIn(names, id), figures })).toSorted((a, b) => mostFirst(a.figures, b.figures));
}

/** Every hour of a day, and any other that has figures: a clock that moves by half an hour leaves the row. */
function hoursOf({ from, to, timeZone }: StoreWindow, { byHour }: FiguresRead): HourBar[] {
  const clock = new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone });
  const starts = new Set(byHour.keys());
  for (let at = from.getTime(); at < to.getTime(); at += HOUR_MS) starts.add(new Date(at).toISOString());
  return [...starts].toSorted().map((at) => ({ at, clock: Number(clock.format(new Date(at))) }));
}
