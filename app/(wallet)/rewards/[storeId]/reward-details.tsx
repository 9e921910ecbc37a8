import { useLocale, useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import { chainName } from "@/lib/chain/chains";
import { formatUsd, moneyParts } from "@/lib/money-format";
import type { StoreRewards } from "@/lib/rewards/queries";

/** Hundredths of a token, which has 18 decimals. */
const UNITS_PER_HUNDREDTH = 10n ** 16n;

/** Where the rewards lie, place by place. Closed until asked for: nobody needs it to spend them. */
export function RewardDetails({ byChain }: { byChain: StoreRewards["byChain"] }) {
  const t = useTranslations("rewards.details");
  const locale = useLocale();
  return (
    <Disclosure title={t("title")}>
      <dl className="grid gap-3 px-5.5 pb-5 text-small">
        {byChain.map(({ chainId, tokenAddress, units, valueUsdMicros }) => (
          <div key={chainId}>
            <dt className="text-muted tabular-nums">{t("tokens", { amount: moneyParts(units / UNITS_PER_HUNDREDTH, "USD", locale).number, chain: chainName(chainId) })}</dt>
            <dd className="font-semibold tabular-nums">{formatUsd(valueUsdMicros, locale)}</dd>
            <dd className="break-all text-muted">{tokenAddress}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}
