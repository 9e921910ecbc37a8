import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import { Icon } from "@/components/ui/icon";
import { chainName, transactionUrl } from "@/lib/chain/chains";
import type { SendView } from "@/lib/transfers/queries";

/** Where the send stands on the public record. Closed until asked for. */
export function SendDetails({ send }: { send: SendView }) {
  const t = useTranslations("transfers");
  const { chainId, transactionHash, operationHash } = send.details;
  const facts: [string, string | null][] = [
    [t("details.network"), chainName(chainId)],
    ...(send.other.kind === "address" ? [[t("details.address"), send.other.shown] as [string, string | null]] : []),
    [t("details.paymentId"), send.id],
    [t("details.operationHash"), operationHash],
    [t("details.transactionHash"), transactionHash],
  ];
  return (
    <Disclosure title={t("detailsTitle")} className="mt-3 w-full">
      <dl className="grid gap-3 px-5 pb-5 text-small">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt className="text-muted">{term}</dt>
            <dd className="font-semibold break-all">{value ?? t("details.notYet")}</dd>
          </div>
        ))}
        {transactionHash ? (
          <div>
            <dt className="sr-only">{t("details.verifyPublicly")}</dt>
            <dd>
              <a href={transactionUrl(chainId, transactionHash)} rel="noopener noreferrer" target="_blank" className="flex min-h-11 items-center gap-2 font-semibold text-brand-ink underline underline-offset-3">
                {t("details.verifyPublicly")}
                <Icon of={ExternalLink} size="chip" />
              </a>
            </dd>
          </div>
        ) : null}
      </dl>
    </Disclosure>
  );
}
