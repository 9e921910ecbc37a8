import { useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import { chainName, transactionUrl } from "@/lib/chain/chains";
import type { ConsolidationView } from "@/lib/consolidation/queries";

/** From where to where, and each step on the public record. Closed until asked for. */
export function Details({ view }: { view: ConsolidationView }) {
  const t = useTranslations("together");
  return (
    <Disclosure title={t("details")}>
      <dl className="grid gap-3 px-5.5 pb-5 text-small">
        <Fact term={t("from")} value={chainName(view.fromChainId)} />
        <Fact term={t("to")} value={chainName(view.toChainId)} />
        <Fact term={t("reference")} value={view.id} />
        {view.steps.map(({ step, chainId, txHash }) =>
          chainId && txHash ? (
            <div key={step}>
              <dt className="text-muted">{t(`steps.${step}`)}</dt>
              <dd>
                <a href={transactionUrl(chainId, txHash)} target="_blank" rel="noopener noreferrer" className="inline-flex min-h-11 items-center font-semibold break-all text-brand-ink underline underline-offset-3">
                  {t("transaction")}
                </a>
              </dd>
            </div>
          ) : null,
        )}
      </dl>
    </Disclosure>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className="text-muted">{term}</dt>
      <dd className="font-semibold break-all">{value}</dd>
    </div>
  );
}
