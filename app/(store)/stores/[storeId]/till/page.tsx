import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { QrCode } from "@/components/qr-code";
import { tileSeed } from "@/components/tile-art";
import { requireActor } from "@/lib/auth/session";
import { chargesOfLockedTill } from "@/lib/charges/locked-till";
import { openCharges, quickItems } from "@/lib/charges/queries";
import { readTillCookie } from "@/lib/charges/till-cookie";
import { listTills } from "@/lib/charges/tills";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { getTill } from "@/lib/stores/queries";
import { getSharedTill } from "@/lib/team/till-queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { readCharge } from "./read-charge";
import { Till } from "./till";
import { SharedTillFrame } from "./share/shared-till-frame";
import { LockedTill } from "./share/locked-till";
import { lockedChargeOf, lockedQrOf } from "./locked/locked-charge";
import { tillViewOf } from "./till-view";

/** Charges left behind for the next sale; more than a counter has at once. */
const OPEN_SHOWN = 5;
/** Longer than a page takes to be drawn; a sale of long ago must not turn green again. */
const JUST_PAID_MS = 60_000;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("till"))("title") };
}

/** What is not there is none, as anything else that an address may name. */
async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** The till of a store, for every member: keypad, charges, live payments, today's list. Codes are drawn here, so the browser needs no encoder. */
export default async function TillPage({ params, searchParams }: PageProps<"/stores/[storeId]/till">) {
  const [{ storeId }, { charge: asked }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const till = await orNotFound(getTill(actor, storeId));
  const { store, role } = till;
  const shared = await getSharedTill(actor, storeId);
  const seed = tileSeed(store.id, store.qrVersion);
  if (shared && !shared.sitting) {
    const [watched, charged] = await Promise.all([chargesOfLockedTill(actor, storeId), getTranslations("sale.charge")]);
    const qr = lockedQrOf(watched, store, { linkOf: (id) => new URL(paths.charge(id), env().APP_URL).href, label: charged("qrLabel") });
    return (
      <AreaMessages areas={["sharedtill", "till"]}>
        <LockedTill store={{ id: store.id, seed, timeZone: store.timeZone }} till={shared} firstCharges={watched.map((one) => lockedChargeOf(one))} qr={qr} />
      </AreaMessages>
    );
  }
  const [t, items, tills, keptId, open, rate, charge] = await Promise.all([
    getTranslations("store"),
    quickItems(actor, storeId),
    listTills(actor, storeId),
    readTillCookie(storeId),
    openCharges(actor, storeId),
    orNull(currentRate()),
    typeof asked === "string" && isId(asked) ? orNull(readCharge(actor, { storeId, chargeId: asked })) : null,
  ]);
  const chosenId = tills.find(({ id }) => id === keptId)?.id ?? null;
  const mine = open.filter(({ createdBy, tillId }) => shared !== null || createdBy === actor.userId || (tillId !== null && tillId === chosenId)).slice(0, OPEN_SHOWN);
  const screen = (
    <Till
      store={{ id: store.id, name: store.name, seed, shortCode: store.shortCode, host: new URL(store.payUrl).host, timeZone: store.timeZone, appOrigin: new URL(env().APP_URL).origin, currency: store.tillCurrency }}
      person={{ name: shared ? (shared.sitting?.sellerName ?? store.name) : (actor.name ?? actor.phone), seesAll: can(role, "payments.view_all"), canManageTills: can(role, "tills.manage") }}
      firstView={tillViewOf(till, items)}
      firstTills={{ tills, chosenId, ...(shared && { sharedName: shared.tillName }) }}
      firstCharge={charge && charge.state !== "paid" && charge.state !== "cancelled" ? charge : null}
      firstPaid={till.payments.some(({ chargeId, at }) => chargeId !== null && chargeId === charge?.id && Date.now() - Date.parse(at) < JUST_PAID_MS) ? (charge?.id ?? null) : null}
      firstOpen={await Promise.all(mine.map(({ id }) => readCharge(actor, { storeId, chargeId: id })))}
      brlPerUsdMicros={rate?.brlPerUsdMicros ?? null}
      qr={<QrCode text={store.payUrl} seed={seed} label={t("qrLabel", { name: store.name })} size={1_000} />}
    />
  );
  if (!shared) return screen;
  return (
    <AreaMessages areas={["sharedtill", "store", "till", "sale", "charges", "guest", "refunds"]}>
      <SharedTillFrame storeId={store.id} till={shared}>
        {screen}
      </SharedTillFrame>
    </AreaMessages>
  );
}
