import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import { Icon } from "@/components/ui/icon";
import { chainName, transactionUrl } from "@/lib/chain/chains";
import { shortAddress } from "@/lib/guests/rules";
import type { PaymentView } from "@/lib/payments/queries";
import { CopyButton } from "./copy-button";

/** Where the payment stands on the public record. Closed until asked for: nobody needs it to pay. */
export function Details({ payment }: { payment: PaymentView }) {
  const t = useTranslations("pay");
  const receipts = useTranslations("receipts.details");
  const { chainId, operationHash, transactionHash, blockNumber, payeeAddress, payerAddress } = payment.details;
  return (
    <Disclosure title={t("detailsTitle")} className="mt-3">
      <dl className="grid gap-3 px-5.5 pb-5 text-small">
        <div>
          <dt className="text-muted">{t("details.network")}</dt>
          <dd className="font-semibold">{chainName(chainId)}</dd>
        </div>
        <Fact term={t("details.paymentId")} value={payment.id} />
        {payerAddress ? <Fact term={t("details.from")} value={shortAddress(payerAddress)} /> : null}
        {payeeAddress ? <Fact term={receipts("payee")} value={payeeAddress} /> : null}
        {payerAddress ? null : <Fact term={t("details.operationHash")} value={operationHash} />}
        <Fact term={t("details.transactionHash")} value={transactionHash} />
        <div>
          <dt className="text-muted">{t("details.block")}</dt>
          <dd className="font-semibold tabular-nums">{blockNumber === null ? t("details.notYet") : blockNumber.toString()}</dd>
        </div>
        {transactionHash ? (
          <a
            href={transactionUrl(chainId, transactionHash)}
            rel="noopener noreferrer"
            target="_blank"
            className="flex min-h-11 items-center gap-2 font-semibold text-brand-ink underline underline-offset-3 print:hidden"
          >
            {t("details.verifyPublicly")}
            <Icon of={ExternalLink} size="chip" />
          </a>
        ) : null}
      </dl>
    </Disclosure>
  );
}

function Fact({ term, value }: { term: string; value: string | null }) {
  const t = useTranslations("pay");
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <dt className="text-muted">{term}</dt>
        <dd className="font-semibold break-all">{value ?? t("details.notYet")}</dd>
      </div>
      {value ? <CopyButton text={value} label={t("details.copy", { what: term })} /> : null}
    </div>
  );
}
