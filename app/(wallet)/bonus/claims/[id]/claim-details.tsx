import { useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
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
    <Disclosure title={t("detailsTitle")} className="mt-4">
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
    </Disclosure>
  );
}
