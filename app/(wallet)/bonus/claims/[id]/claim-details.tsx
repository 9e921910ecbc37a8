import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { chainName } from "@/lib/chain/chains";
import type { ClaimView } from "@/lib/loans/claim-queries";

/** Where the claim stands on the public record. Closed until asked for. */
export function ClaimDetails({ claim }: { claim: ClaimView }) {
  const t = useTranslations("bonus");
  const { chainId, transactionHash, operationHash } = claim.details;
  const facts = [
    [t("details.network"), chainName(chainId)],
    [t("details.number"), claim.terms.loan?.number.toString() ?? null],
    [t("details.operation"), operationHash ?? t("details.notYet")],
    [t("details.transaction"), transactionHash ?? t("details.notYet")],
  ] as const;
  return (
    <details className="group mt-4 rounded-card bg-card text-left shadow-1">
      <summary className="flex min-h-14 items-center justify-between rounded-card px-5 font-semibold marker:content-none">
        {t("detailsTitle")}
        <Icon of={ChevronDown} className="transition-transform group-open:rotate-180" />
      </summary>
      <dl className="grid gap-3 px-5 pb-5 text-small">
        {facts.map(([term, value]) =>
          value === null ? null : (
            <div key={term}>
              <dt className="text-muted">{term}</dt>
              <dd className="font-semibold break-all">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}
