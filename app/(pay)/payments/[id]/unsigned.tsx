import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Signing } from "@/app/sign/signing";
import { MoneyDisplay } from "@/components/money";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";
import type { PaymentToSign } from "@/lib/payments/payment-to-sign";
import type { PaymentView } from "@/lib/payments/queries";
import { priceOfPayment } from "./price-of-payment";
import { UnsignedConfirm } from "./unsigned-confirm";

/** Committed, and waiting for its payer's own key. Nothing leaves without it. */
export function Unsigned({ payment, toSign, signing, secondsLeft }: { payment: PaymentView; toSign: PaymentToSign; signing: Signing; /** Null while the operation is being prepared. */ secondsLeft: number | null }) {
  const t = useTranslations("signing.pay");
  const pay = useTranslations("pay");
  const { store } = payment;
  return (
    <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
      <p className="grid min-h-13 place-items-center pt-1 text-[1.0625rem]/6 font-semibold">{pay("paymentTitle")}</p>
      <div className="relative mx-auto mt-6 w-fit">
        {store ? <Tile seed={tileSeed(store.id, store.qrVersion)} size={84} isNamed /> : null}
        <span className="absolute -right-4 -bottom-4 grid size-11 place-items-center rounded-[14px] bg-caution-soft text-caution">
          <Icon of={Fingerprint} />
        </span>
      </div>
      <h1 className="mt-8 text-[1.625rem]/[2rem]">{t("title")}</h1>
      <p className="mt-2.5">
        <MoneyDisplay {...priceOfPayment(payment)} size="m" />
      </p>
      {store ? <p className="text-muted">{pay("paidTo", { store: store.name })}</p> : null}
      <p className="mx-auto mt-3 max-w-[38ch] text-muted">{t("text")}</p>
      <div className="mt-auto grid gap-2 pt-6">
        <UnsignedConfirm toSign={toSign} signing={signing} secondsLeft={secondsLeft} />
        <LinkButton href={paths.home()} kind="quiet" isWide>
          {pay("toHome")}
        </LinkButton>
      </div>
    </main>
  );
}
