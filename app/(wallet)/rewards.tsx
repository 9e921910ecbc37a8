import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import type { Balance } from "@/lib/balances/queries";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";

/** What each store's rewards are worth now, by tile. Values under a cent are one entry, "outras". */
export function Rewards({ balance, brlPerUsdMicros }: { balance: Balance; brlPerUsdMicros: bigint }) {
  const t = useTranslations("wallet");
  const words = useTranslations("rewards");
  const locale = useLocale();
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, brlPerUsdMicros), locale);
  const total = balance.totalUsdMicros - balance.dollarsUsdMicros;
  const isEmpty = balance.rewards.length === 0 && balance.otherUsdMicros === 0n;
  return (
    <section aria-labelledby="rewards">
      <div className="flex items-center justify-between px-5 lg:px-7">
        <h2 id="rewards">{t("rewards")}</h2>
        {isEmpty ? null : (
          <Link href={paths.rewards()} className="flex min-h-11 items-center gap-2 rounded-control font-semibold text-reward-ink tabular-nums underline-offset-3">
            {inReais(total)}
            <span className="text-small text-brand-ink underline">{words("seeAll")}</span>
          </Link>
        )}
      </div>
      {isEmpty ? (
        <div className="mt-3 flex items-center gap-3.5 px-5 lg:px-7">
          <span aria-hidden="true" className="size-16 flex-none rounded-tile border-2 border-dashed border-field" />
          <p className="text-muted">{t("rewardsEmpty")}</p>
        </div>
      ) : (
        <ul className="mt-3.5 flex gap-3 overflow-x-auto px-5 py-1 lg:flex-wrap lg:px-7" tabIndex={0} aria-labelledby="rewards">
          {balance.rewards.map(({ store, valueUsdMicros }) => (
            <li key={store.id} className="w-[76px] flex-none">
              <Link href={paths.storeRewards(store.id)} className="block rounded-control text-ink no-underline" aria-label={words("openStore", { store: store.name, amount: inReais(valueUsdMicros) })}>
                <Tile seed={tileSeed(store.id, store.qrVersion)} size={64} />
                <span className="mt-1.5 block text-small font-semibold tabular-nums">{inReais(valueUsdMicros)}</span>
                <span className="block truncate text-caption text-muted">{store.name}</span>
              </Link>
            </li>
          ))}
          {balance.otherUsdMicros > 0n ? (
            <li className="w-[76px] flex-none">
              <span aria-hidden="true" className="block size-16 rounded-tile border-2 border-dashed border-field" />
              <span className="mt-1.5 block text-small font-semibold">{t("rewardsOther")}</span>
              <span className="block text-caption text-muted">{t("rewardsSmall")}</span>
            </li>
          ) : null}
        </ul>
      )}
    </section>
  );
}
