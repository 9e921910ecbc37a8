import { Check, CircleHelp, LoaderCircle, Undo2, X, type LucideIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { Chip, type Tone } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { formatBrl, formatUsd } from "@/lib/money-format";
import type { ListedPayout, ShownDestination } from "@/lib/payouts/queries";
import type { PayoutState } from "@/lib/payouts/rules";

const LOOKS: Record<PayoutState, readonly [Tone, LucideIcon]> = {
  requested: ["brand", LoaderCircle],
  funding: ["brand", LoaderCircle],
  funded: ["brand", LoaderCircle],
  submitted: ["brand", LoaderCircle],
  processing: ["brand", LoaderCircle],
  on_hold: ["caution", LoaderCircle],
  needs_confirmation: ["caution", CircleHelp],
  completed: ["positive", Check],
  failed: ["danger", X],
  returned: ["caution", Undo2],
  cancelled: ["neutral", X],
};

/** The chip of a payout's state: icon and word, colour never alone. */
export function PayoutChip({ state }: { state: PayoutState }) {
  const t = useTranslations("payouts");
  const [tone, icon] = LOOKS[state];
  return (
    <Chip tone={tone} icon={<Icon of={icon} size="chip" />}>
      {t(`states.${state}`)}
    </Chip>
  );
}

/** "Pix · +55 48 •••••-0001", "Meu saldo", somebody's name. */
export function DestinationText({ to }: { to: ShownDestination }) {
  const t = useTranslations("payouts");
  if (to.kind === "balance") return <>{to.isOwn ? t("to.own") : t("to.balance", { name: to.name ?? t("kinds.team") })}</>;
  return <>{t(`to.${to.kind}`, { shown: to.shown ?? "" })}</>;
}

/** What arrives, in reais; dollars where dollars do. */
export function PayoutAmount({ payout }: { payout: Pick<ListedPayout, "amountBrlCentavos" | "netUsdMicros"> }) {
  const locale = useLocale();
  return <>{payout.amountBrlCentavos === null ? formatUsd(payout.netUsdMicros, locale) : formatBrl(payout.amountBrlCentavos, locale)}</>;
}
