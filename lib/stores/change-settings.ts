import "server-only";
import { eq } from "drizzle-orm";
import { db, sql } from "@/db/client";
import { stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError, invariant } from "@/lib/errors";
import { hoursFromTyped, type TypedSpan } from "@/lib/hours/rules";
import { centsFromTyped, type Currency, USD_MICROS_PER_CENT } from "@/lib/money";
import { readCnpj } from "@/lib/payouts/documents";
import { requirePermission } from "@/lib/team/require-permission";
import {
  categoryFromTyped,
  chosenTimeZone,
  coordinatesFromTyped,
  descriptionFromTyped,
  instagramFromTyped,
  LEGAL_NAME_LENGTH_MAX,
  lineFromTyped,
  placeFromTyped,
  REWARD_NOTE_LENGTH_MAX,
  storeNameFromTyped,
  websiteFromTyped,
} from "./rules";
import { VALUES_OF, versionOf, type StoreRow } from "./settings";

/** One part of the settings as its form sends it. */
export type SettingsInput =
  | { section: "profile"; name: string; description: string; category: string; rewardNote: string }
  | { section: "place"; address: string; latitude: string; longitude: string }
  | { section: "hours"; week: readonly (readonly TypedSpan[])[] }
  | { section: "links"; website: string; instagram: string }
  | { section: "business"; timeZone: string; tillCurrency: Currency; legalName: string; cnpj: string; refundLimit: string };

/** The refund limit of admins reaches this far; beyond it is the owner's own act. */
const REFUND_LIMIT_CENTS_MAX = 1_000_000n;

/**
 * Changes one part of a store's settings. `version` is the one that the form was drawn with: if somebody else has changed that part since, nothing
 * is written. The trail keeps what was and what is, of the fields that changed.
 * Fails with: not_found, forbidden, settings_moved, store_name_invalid, text_invalid, category_invalid, place_invalid, coordinates_invalid,
 * hours_invalid, link_invalid, time_zone_invalid, cnpj_invalid, amount_*.
 */
export async function changeSettings(actor: Actor, storeId: string, version: string, input: SettingsInput): Promise<{ hasChanged: boolean }> {
  await requirePermission(db, actor, storeId, "settings.manage");
  const changes = await changesOf(input);
  return db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "settings.manage");
    const [row] = await tx.select().from(stores).where(eq(stores.id, storeId)).for("no key update");
    invariant(row, `store ${storeId} has members and no row`);
    const before: Record<string, unknown> = VALUES_OF[input.section](row);
    if (versionOf(before) !== version) throw new DomainError("settings_moved");
    const after: Record<string, unknown> = VALUES_OF[input.section]({ ...row, ...changes });
    const changed = Object.keys(after).filter((field) => JSON.stringify(after[field]) !== JSON.stringify(before[field]));
    if (changed.length === 0) return { hasChanged: false };
    await tx.update(stores).set(changes).where(eq(stores.id, storeId));
    const only = (values: Record<string, unknown>) => Object.fromEntries(changed.map((field) => [field, values[field]]));
    await recordAudit(tx, { action: "store.settings_changed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, oldValues: only(before), newValues: only(after), metadata: { section: input.section } });
    await recordEvent(tx, { name: "store_settings_changed", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId, section: input.section } });
    return { hasChanged: true };
  });
}

/** The columns that a form's texts become. */
async function changesOf(input: SettingsInput): Promise<Partial<StoreRow>> {
  switch (input.section) {
    case "profile":
      return { name: storeNameFromTyped(input.name), description: descriptionFromTyped(input.description), category: categoryFromTyped(input.category), rewardNote: lineFromTyped(input.rewardNote, REWARD_NOTE_LENGTH_MAX) };
    case "place":
      return { address: placeFromTyped(input.address), ...(coordinatesFromTyped(input.latitude, input.longitude) ?? { latitude: null, longitude: null }) };
    case "hours":
      return { openingHours: hoursFromTyped(input.week) };
    case "links":
      return { website: websiteFromTyped(input.website), instagram: instagramFromTyped(input.instagram) };
    case "business":
      return {
        timeZone: await knownTimeZone(input.timeZone),
        tillCurrency: input.tillCurrency,
        legalName: lineFromTyped(input.legalName, LEGAL_NAME_LENGTH_MAX),
        cnpj: cnpjFromTyped(input.cnpj),
        refundLimitUsdMicros: refundLimitFromTyped(input.refundLimit),
      };
  }
}

/** The days of lists and figures are the database's: a zone that only one of both knows would break them. */
async function knownTimeZone(text: string): Promise<string> {
  const timeZone = chosenTimeZone(text);
  const [row] = await sql<{ isKnown: boolean }[]>`SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = ${timeZone}) AS "isKnown"`;
  if (!row?.isKnown) throw new DomainError("time_zone_invalid");
  return timeZone;
}

function cnpjFromTyped(text: string): string | null {
  if (text.trim() === "") return null;
  const cnpj = readCnpj(text);
  if (!cnpj) throw new DomainError("cnpj_invalid");
  return cnpj;
}

/** Micro-dollars; empty is null: no limit of its own. */
function refundLimitFromTyped(text: string): bigint | null {
  if (text.trim() === "") return null;
  const cents = centsFromTyped(text);
  if (cents > REFUND_LIMIT_CENTS_MAX) throw new DomainError("amount_too_large", { limitUsdMicros: (REFUND_LIMIT_CENTS_MAX * USD_MICROS_PER_CENT).toString() });
  return cents * USD_MICROS_PER_CENT;
}
