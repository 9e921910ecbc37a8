import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { requireActor } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { USD_MICROS_PER_CENT } from "@/lib/money";
import { formatDateTime, moneyParts } from "@/lib/money-format";
import { getStoreFrame } from "@/lib/stores/queries";
import { REOPEN_DAYS, timeZones } from "@/lib/stores/rules";
import { getSettings } from "@/lib/stores/settings";
import { orNotFound } from "../../../or-not-found";
import { StorePage } from "../store-page";
import { Advanced } from "./advanced";
import { BusinessForm } from "./business-form";
import { CloseCard } from "./close-card";
import { HoursForm } from "./hours-form";
import { LinksForm } from "./links-form";
import { LogoForm } from "./logo-form";
import { PlaceForm } from "./place-form";
import { ProfileForm } from "./profile-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

const REOPEN_MS = REOPEN_DAYS * 86_400_000;

/** Everything that an owner may say of the store. Each card saves by itself; a card is drawn anew when its part has another version. */
export default async function SettingsPage({ params }: PageProps<"/stores/[storeId]/settings">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const settings = await orNotFound(getSettings(actor, storeId));
  const [t, locale] = await Promise.all([getTranslations("settings"), getLocale()]);
  const { versions, closedAt } = settings;
  const until = closedAt ? new Date(closedAt.getTime() + REOPEN_MS) : null;
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(settings.rewardRateBps / 10_000);
  const limit = settings.business.refundLimitUsdMicros;
  return (
    <StorePage actor={actor} store={store} role={role} current="settings">
      <AreaMessages areas={["settings", "store", "explore"]}>
        <h1>{t("title")}</h1>
        <p className="mt-1 text-muted">{t("lead")}</p>
        <div className="mt-6 grid items-start gap-5 xl:grid-cols-2">
          <div className="grid gap-5">
            <ProfileForm key={versions.profile} storeId={storeId} version={versions.profile} values={settings.profile} />
            <LogoForm store={{ id: storeId, qrVersion: store.qrVersion, logoHash: settings.logoHash }} />
            <HoursForm key={versions.hours} storeId={storeId} version={versions.hours} hours={settings.hours.openingHours} />
            <LinksForm key={versions.links} storeId={storeId} version={versions.links} values={settings.links} />
          </div>
          <div className="grid gap-5">
            <PlaceForm key={versions.place} storeId={storeId} version={versions.place} values={settings.place} styleUrl={env().MAP_STYLE_URL ?? null} />
            <BusinessForm key={versions.business} storeId={storeId} version={versions.business} values={settings.business} refundLimit={limit === null ? "" : moneyParts(BigInt(limit) / USD_MICROS_PER_CENT, "USD", locale).number} zones={timeZones()} />
            <Card aria-labelledby="fixed">
              <h2 id="fixed">{t("fixed")}</h2>
              <dl className="mt-3 grid gap-4">
                <Fixed name={t("symbol")} value={settings.symbol} why={t("symbolWhy")} />
                <Fixed name={t("rewardRate")} value={percent} why={t("rewardRateWhy")} />
              </dl>
            </Card>
            <Advanced chains={settings.chains} />
            <CloseCard
              storeId={storeId}
              name={store.name}
              closed={closedAt && until ? { since: formatDateTime(closedAt, locale, store.timeZone), until: formatDateTime(until, locale, store.timeZone), mayReopen: until > new Date() } : null}
            />
          </div>
        </div>
      </AreaMessages>
    </StorePage>
  );
}

function Fixed({ name, value, why }: { name: string; value: string; why: string }) {
  return (
    <div>
      <dt className="text-label text-muted">{name}</dt>
      <dd>
        <span className="money text-heading">{value}</span>
        <span className="mt-0.5 block text-small text-muted">{why}</span>
      </dd>
    </div>
  );
}
