import { CircleCheck, CircleX, Clock, Hourglass, type LucideIcon } from "lucide-react";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { TopUpView } from "@/lib/topups/queries";
import type { ShownTopUp } from "@/lib/topups/rules";

type Kind = "held" | "paid" | "done" | "expired" | "underpaid" | "late" | "refused" | "refusedEarly";
type Tone = "positive" | "caution" | "danger" | "neutral";

const KIND_OF: Partial<Record<ShownTopUp, Kind>> = { held: "held", paid: "paid", done: "done", paid_twice: "done", expired: "expired", underpaid: "underpaid", paid_late: "late", refused: "refused" };
const LOOKS: Record<Kind, readonly [Tone, LucideIcon]> = {
  held: ["caution", Hourglass], paid: ["caution", Hourglass], done: ["positive", CircleCheck], expired: ["neutral", Clock], underpaid: ["danger", CircleX], late: ["danger", CircleX], refused: ["danger", CircleX], refusedEarly: ["danger", CircleX],
};
const GROUNDS: Record<Tone, string> = { positive: "bg-positive-soft text-positive", caution: "bg-caution-soft text-caution", danger: "bg-danger-soft text-danger", neutral: "bg-sunk text-ink" };

/** On its way, or over: what happened to the money, and the next step. */
export function Ended({ view, locale }: { view: TopUpView; locale: Locale }) {
  const t = useTranslations("topups");
  const known = KIND_OF[view.shown] ?? "refused";
  const kind: Kind = known === "refused" && !view.hadCode ? "refusedEarly" : known;
  const [tone, icon] = LOOKS[kind];
  const isOnItsWay = kind === "paid" || kind === "held";
  const isDone = kind === "done";
  return (
    <>
      <section role="status" aria-labelledby="end" className="mt-4 grid justify-items-center rounded-card bg-card px-5 py-8 text-center shadow-1">
        <span className={clsx("grid size-14 place-items-center rounded-[18px]", GROUNDS[tone])}>
          <Icon of={icon} size="nav" />
        </span>
        <h2 id="end" className="mt-4 text-heading">
          {t(`end.${kind}Title`)}
        </h2>
        <p className="mt-2 max-w-[40ch] text-muted">{isDone ? t("end.doneText", { amount: formatUsd(view.arrivedUsdMicros ?? 0n, locale) }) : t(`end.${kind}Text`)}</p>
        <p className="mt-3 text-small text-muted">
          {t("end.amount", { amount: formatBrl(view.amountBrlCentavos, locale) })}
        </p>
      </section>
      {view.isPaidTwice ? (
        <Note tone="caution" isLive>
          {t("end.twice")}
        </Note>
      ) : null}
      {isOnItsWay || kind === "expired" ? <RefreshUntilReady /> : null}
      <div className="mt-auto grid gap-2">
        {isDone || isOnItsWay ? (
          <>
            <LinkButton href={paths.home()} isWide>
              {t(isDone ? "end.home" : "end.later")}
            </LinkButton>
            {isDone && view.transactionId ? (
              <LinkButton href={paths.receipt(view.transactionId)} kind="soft" isWide>
                {t("end.receipt")}
              </LinkButton>
            ) : null}
          </>
        ) : (
          <>
            <LinkButton href={paths.addMoney()} isWide>
              {t("end.another")}
            </LinkButton>
            <LinkButton href={paths.home()} kind="soft" isWide>
              {t("end.later")}
            </LinkButton>
          </>
        )}
      </div>
    </>
  );
}
