"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { SPANS_A_DAY_MAX, WEEK_DAYS } from "@/lib/hours/rules";
import { CURRENCIES } from "@/lib/money";
import { paths } from "@/lib/paths";
import { changeSettings, type SettingsInput } from "@/lib/stores/change-settings";
import { closeStore, reopenStore } from "@/lib/stores/close-store";
import { rotateCode } from "@/lib/stores/rotate-code";

const which = { storeId: z.uuid(), version: z.string().max(64) };
const text = (max: number) => z.string().max(max);

/** One part after the other: each form sends its own, with the version that it was drawn with. */
function sectionAction<S extends z.ZodObject<{ storeId: z.ZodUUID; version: z.ZodString }>>(schema: S, inputOf: (fields: z.output<S>) => SettingsInput) {
  return action(schema, async (actor, fields) => {
    const changed = await changeSettings(actor, fields.storeId, fields.version, inputOf(fields));
    revalidatePath(paths.storeSettings(fields.storeId));
    return changed;
  });
}

export const saveProfileAction = sectionAction(z.object({ ...which, name: text(500), description: text(4_000), category: text(100), rewardNote: text(500) }), ({ name, description, category, rewardNote }) => ({ section: "profile", name, description, category, rewardNote }));

export const savePlaceAction = sectionAction(z.object({ ...which, address: text(1_000), latitude: text(40), longitude: text(40) }), ({ address, latitude, longitude }) => ({ section: "place", address, latitude, longitude }));

const Week = z.array(z.array(z.object({ opens: text(10), closes: text(10) })).max(SPANS_A_DAY_MAX)).length(WEEK_DAYS.length);
const WeekText = z
  .string()
  .max(4_000)
  .transform((json, context) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is no week" });
      return z.NEVER;
    }
  })
  .pipe(Week);
export const saveHoursAction = sectionAction(z.object({ ...which, week: WeekText }), ({ week }) => ({ section: "hours", week }));

export const saveLinksAction = sectionAction(z.object({ ...which, website: text(500), instagram: text(300) }), ({ website, instagram }) => ({ section: "links", website, instagram }));

export const saveBusinessAction = sectionAction(
  z.object({ ...which, timeZone: text(100), tillCurrency: z.enum(CURRENCIES), legalName: text(500), cnpj: text(40), refundLimit: text(40) }),
  ({ timeZone, tillCurrency, legalName, cnpj, refundLimit }) => ({ section: "business", timeZone, tillCurrency, legalName, cnpj, refundLimit }),
);

export const closeStoreAction = action(z.object({ storeId: z.uuid(), name: text(500) }), async (actor, { storeId, name }) => {
  await closeStore(actor, storeId, name);
  revalidatePath(paths.storeSettings(storeId));
});

export const reopenStoreAction = action(z.object({ storeId: z.uuid() }), async (actor, { storeId }) => {
  await reopenStore(actor, storeId);
  revalidatePath(paths.storeSettings(storeId));
});

export const rotateCodeAction = action(z.object({ storeId: z.uuid(), from: text(20) }), async (actor, { storeId, from }) => {
  const rotated = await rotateCode(actor, storeId, from);
  revalidatePath(paths.storeQr(storeId));
  return rotated;
});
