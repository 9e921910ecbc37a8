import { getLocale, getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { Chip, type Tone } from "@/components/ui/chip";
import { formatBrl, formatDateTime } from "@/lib/money-format";
import type { RefundView } from "@/lib/refunds/queries";
import type { RefundStatus } from "@/lib/refunds/rules";

const TONES: Record<RefundStatus, Tone> = { requested: "caution", paying: "caution", refunded: "positive", failed: "danger" };

/** Every refund of a sale with its present state, which the page's live line keeps. */
export async function RefundList({ refunds, timeZone }: { refunds: readonly RefundView[]; timeZone: string }) {
  const [t, locale] = await Promise.all([getTranslations("refunds.made"), getLocale()]);
  const isMoving = refunds.some(({ status }) => status === "requested" || status === "paying");
  return (
    <Card aria-labelledby="refunds">
      <h2 id="refunds">{t("title")}</h2>
      <ul className="mt-1 divide-y divide-line">
        {refunds.map(({ id, status, failure, amountBrlCentavos, reason, by, at, rewardUnits, returnedUnits }) => (
          <li key={id} data-testid="refund" className="grid gap-1 py-3.5">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <b className="font-semibold tabular-nums">{formatBrl(amountBrlCentavos, locale)}</b>
              <Chip tone={TONES[status]}>{t(`states.${status}`)}</Chip>
            </div>
            <p className="break-words">{reason}</p>
            <p className="text-small text-muted">{[formatDateTime(at, locale, timeZone), by && t("by", { name: by })].filter(Boolean).join(" · ")}</p>
            {failure ? <p className="text-small text-danger">{t(`failures.${failure}`)}</p> : null}
            {status === "refunded" && returnedUnits < rewardUnits ? <p className="text-small text-muted">{t("lost")}</p> : null}
          </li>
        ))}
      </ul>
      {isMoving ? (
        <p role="status" className="text-small text-muted">
          {t("live")}
        </p>
      ) : null}
    </Card>
  );
}
