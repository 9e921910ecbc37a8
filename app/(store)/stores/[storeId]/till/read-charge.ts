import "server-only";
import { getTranslations } from "next-intl/server";
import type { Actor } from "@/lib/auth/actor";
import { getTillCharge } from "@/lib/charges/queries";
import { env } from "@/lib/env";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { tillChargeOf, type TillCharge } from "./till-charge";

/** A charge of this store with its code drawn. Fails with not_found, forbidden. */
export async function readCharge(actor: Actor, { storeId, chargeId }: { storeId: string; chargeId: string }): Promise<TillCharge> {
  const [charge, { store }, t] = await Promise.all([getTillCharge(actor, { storeId, chargeId }), getStoreFrame(actor, storeId), getTranslations("sale.charge")]);
  return tillChargeOf(charge, store, { link: new URL(paths.charge(charge.id), env().APP_URL).href, label: t("qrLabel") });
}
