import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { isErrorCode } from "@/lib/errors";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";
import { priceOfPayment } from "./price-of-payment";

/** Proven not to have happened. Only here may the person be asked to pay again. */
export function NotCompleted({ payment }: { payment: PaymentView }) {
  const t = useTranslations("pay");
  const { store } = payment;
  const price = priceOfPayment(payment);
  const errorText = useErrorText();
  const code = payment.errorCode;
  const reason = code === "expired" || code === "reverted" || code === "not_signed" || code === "quote_moved" ? t(`failedReasons.${code}`) : isErrorCode(code) ? errorText(code) : null;
  const [first, ...rest] = t("failed").split(/(?<=\.)\s/);
  return (
    <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
      <div className="my-auto grid justify-items-center py-10">
        <span className="grid size-[84px] place-items-center rounded-tile bg-danger-soft text-danger">
          <Icon of={X} size="large" />
        </span>
        <h1 className="mt-6">
          {first} <span className="block">{rest.join(" ")}</span>
        </h1>
        <p className="mt-3 text-muted">
          <MoneyDisplay {...price} size="m" className="line-through" />
        </p>
        <p className="mt-3 max-w-[36ch] text-muted">
          {t("failedText", { store: store?.name ?? "" })} {reason}
        </p>
      </div>
      <div className="grid gap-1">
        {payment.charge || store?.shortCode ? (
          <LinkButton href={payment.charge ? paths.charge(payment.charge.id) : paths.pay(store?.shortCode ?? "", { cents: price.currency === "BRL" ? price.amount : price.amount / 10_000n, currency: price.currency })} isWide>
            {t("tryAgain")}
          </LinkButton>
        ) : null}
        <LinkButton href={paths.receipt(payment.id)} kind="soft" isWide>
          {t("detailsTitle")}
        </LinkButton>
        <LinkButton href={paths.home()} kind="quiet" isWide>
          {t("toHome")}
        </LinkButton>
      </div>
    </main>
  );
}
