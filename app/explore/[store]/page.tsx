import { ArrowLeft, AtSign, ExternalLink, MapPin, Store } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { ShareLink } from "@/app/(send)/share-link";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { StoreMark } from "@/components/store-mark";
import { TileFrieze } from "@/components/tile";
import { tileSeed, tileWord } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { IconLink } from "@/components/ui/icon-button";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { getPublicStore } from "@/lib/explore/queries";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { CATEGORIES, splitByRewardRate } from "@/lib/stores/rules";
import { openText, percentText } from "../words";
import { HoursTable } from "./hours-table";

const HUNDRED_REAIS = 10_000n;

const read = cache(async (store: string) => {
  try {
    return await getPublicStore(decodeURIComponent(store));
  } catch (error) {
    if (error instanceof DomainError || error instanceof URIError) notFound();
    throw error;
  }
});

/** What a link to the store shows where it is shared. */
export async function generateMetadata({ params }: PageProps<"/explore/[store]">): Promise<Metadata> {
  const store = await read((await params).store);
  const [t, locale] = await Promise.all([getTranslations("explore"), getLocale()]);
  const title = t("shareTitle", { name: store.name });
  const description = [store.place, store.isClosed ? t("closed") : t("shareText", { percent: percentText(store.rewardRateBps, locale) })].filter(Boolean).join(" · ");
  const { APP_URL } = env();
  const picture = { url: new URL(paths.sharePicture(store.id, String(store.qrVersion)), APP_URL).href, width: 1200, height: 630, alt: title };
  return {
    title: store.name,
    description,
    alternates: { canonical: new URL(paths.publicStore(store.id), APP_URL).href },
    openGraph: { title, description, type: "website", siteName: "CocoPay", locale: locale.replace("-", "_"), url: new URL(paths.publicStore(store.id), APP_URL).href, images: [picture] },
    twitter: { card: "summary_large_image", title, description, images: [picture.url] },
    robots: store.isClosed ? { index: false } : undefined,
  };
}

/** A store's own page, for anybody with its link. */
export default async function PublicStorePage({ params }: PageProps<"/explore/[store]">) {
  const store = await read((await params).store);
  const [t, words, pay, common, locale] = await Promise.all([getTranslations("explore"), getTranslations("store"), getTranslations("pay"), getTranslations("common"), getLocale()]);
  const seed = tileSeed(store.id, store.qrVersion);
  const category = CATEGORIES.find((key) => key === store.category);
  const open = openText(store.open, t, locale, store.timeZone);
  const { reward } = splitByRewardRate(HUNDRED_REAIS, store.rewardRateBps);
  return (
    <WalletShell current="explore">
      <div className="flex min-h-13 items-center px-2 pt-1">
        <IconLink href={paths.explore()} aria-label={common("back")}>
          <Icon of={ArrowLeft} size="nav" />
        </IconLink>
      </div>
      <div className="px-5">
        <div className="overflow-hidden rounded-card bg-card shadow-1">
          <TileFrieze seed={seed} height={56} />
          <div className="flex items-center gap-4 p-5">
            <StoreMark store={store} size={84} />
            <div className="min-w-0">
              <h1 className="text-title break-words">{store.name}</h1>
              <p className="text-muted">{[category ? words(`categories.${category}`) : null, open].filter(Boolean).join(" · ")}</p>
            </div>
          </div>
          <div className="grid gap-3 px-5 pb-5">
            {store.isClosed ? (
              <Note tone="caution">{t("closed")}</Note>
            ) : (
              <>
                {store.isPayable ? null : <Note>{t("notYet")}</Note>}
                <LinkButton href={paths.pay(store.shortCode)} isWide icon={<Icon of={Store} />}>
                  {t("pay")}
                </LinkButton>
                <ShareLink kind="soft" link={new URL(paths.publicStore(store.id), env().APP_URL).href} text={t("shareTitle", { name: store.name })} label={t("share")} copied={t("linkCopied")} />
                <p className="text-center text-small text-muted">{pay.rich("checkWord", { word: tileWord(seed), b: (text) => <b className="text-ink">{text}</b> })}</p>
              </>
            )}
          </div>
        </div>
        <div className="mt-4 grid gap-4">
          {store.description ? (
            <Card aria-labelledby="about">
              <h2 id="about">{t("about")}</h2>
              <p className="mt-2 break-words whitespace-pre-line text-muted">{store.description}</p>
            </Card>
          ) : null}
          {store.isClosed ? null : (
            <Card aria-labelledby="rewards">
              <h2 id="rewards">{t("rewards")}</h2>
              <p className="mt-2 text-muted">{t("rewardText", { amount: formatBrl(reward, locale) })}</p>
              {store.rewardNote ? <p className="mt-2 break-words">{store.rewardNote}</p> : null}
              <p className="mt-3 flex justify-between gap-4 border-t border-line pt-3">
                <span className="text-muted">{t("payments")}</span>
                <b className="tabular-nums">{t("paymentsCount", { count: store.paymentsThisMonth })}</b>
              </p>
            </Card>
          )}
          {store.place ? (
            <Card aria-labelledby="place">
              <h2 id="place">{t("place")}</h2>
              <p className="mt-2 break-words text-muted">{store.place}</p>
              {store.latitude !== null && store.longitude !== null ? (
                <OutsideLink href={`https://www.openstreetmap.org/?mlat=${store.latitude}&mlon=${store.longitude}#map=18/${store.latitude}/${store.longitude}`} icon={MapPin}>
                  {t("route")}
                </OutsideLink>
              ) : null}
            </Card>
          ) : null}
          <Card aria-labelledby="hours">
            <h2 id="hours">{t("hours")}</h2>
            {store.hours ? <HoursTable hours={store.hours} /> : <p className="mt-2 text-muted">{t("hoursUnknown")}</p>}
          </Card>
          {store.website || store.instagram ? (
            <Card aria-labelledby="links">
              <h2 id="links">{t("links")}</h2>
              {store.website ? (
                <OutsideLink href={store.website} icon={ExternalLink}>
                  {store.website.replace(/^https:\/\//, "").replace(/\/$/, "")}
                </OutsideLink>
              ) : null}
              {store.instagram ? (
                <OutsideLink href={`https://www.instagram.com/${store.instagram}/`} icon={AtSign}>
                  {store.instagram}
                </OutsideLink>
              ) : null}
            </Card>
          ) : null}
        </div>
      </div>
    </WalletShell>
  );
}

function OutsideLink({ href, icon, children }: { href: string; icon: typeof MapPin; children: string }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="mt-1 flex min-h-11 items-center gap-2 font-semibold break-all text-brand-ink underline underline-offset-3">
      <Icon of={icon} size="chip" />
      {children}
    </a>
  );
}
