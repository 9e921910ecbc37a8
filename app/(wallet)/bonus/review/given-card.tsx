import { CalendarCheck, Hourglass, PackageCheck, Undo2, type LucideIcon } from "lucide-react";
import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatDate } from "@/lib/money-format";
import type { ShownClaim } from "../shown-claim";

const TILES_SHOWN = 4;
const bold = (text: ReactNode) => <b>{text}</b>;

/** What is given up or left in keeping, until when no further fee is due, and when the rewards of an advance are gone. */
export function GivenCard({ claim }: { claim: ShownClaim }) {
  const t = useTranslations("bonus");
  const locale = useLocale();
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, claim.brlPerUsdMicros), locale);
  const { way, stores, feeFreeUntil, endsAt, remainingUsdMicros } = claim;
  return (
    <Card as="section" aria-labelledby="given" className="px-5! py-4!">
      <h2 id="given" className="font-sans text-body font-[650] tracking-normal">
        {t(`givenTitle.${way}`)}
      </h2>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {stores.slice(0, TILES_SHOWN).map(({ id, qrVersion }) => (
          <Tile key={id} seed={tileSeed(id, qrVersion)} size={44} />
        ))}
        <span className="ml-1 min-w-40 flex-1 text-small text-muted">
          {stores.length === 1 && stores[0] ? <b className="block font-semibold text-ink">{stores[0].name}</b> : null}
          {t("givenStores", { count: stores.length, amount: inReais(claim.grossUsdMicros) })}
        </span>
      </div>
      <ul className="mt-3.5 grid gap-2 text-[.9375rem]/[1.3125rem]">
        {way === "cash_out" ? <Point icon={PackageCheck} isCaution>{t("goneForGood")}</Point> : null}
        {way === "repayment" ? <Point icon={Undo2}>{remainingUsdMicros === null || remainingUsdMicros <= 0n ? t("wholeReturned") : t("partReturned", { amount: inReais(remainingUsdMicros) })}</Point> : null}
        {way === "repayment" && claim.boundUsdMicros > claim.netUsdMicros ? <Point icon={CalendarCheck}>{t("change")}</Point> : null}
        {feeFreeUntil ? <Point icon={CalendarCheck}>{t.rich("feeFreeUntil", { date: formatDate(feeFreeUntil, locale), b: bold })}</Point> : null}
        {endsAt ? (
          <>
            <Point icon={Undo2}>{t("giveBack")}</Point>
            <Point icon={Hourglass} isCaution>{t.rich("endsIn", { date: formatDate(endsAt, locale), b: bold })}</Point>
          </>
        ) : null}
        {stores.length > 1 ? <Point icon={CalendarCheck}>{t("several")}</Point> : null}
      </ul>
    </Card>
  );
}

const Point = ({ icon, isCaution, children }: { icon: LucideIcon; isCaution?: boolean; children: ReactNode }) => (
  <li className={clsx("flex items-start gap-2.5", isCaution && "text-caution")}>
    <Icon of={icon} size="chip" className="mt-0.5" />
    <span>{children}</span>
  </li>
);
