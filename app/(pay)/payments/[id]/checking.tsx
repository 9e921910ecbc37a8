import { useTranslations } from "next-intl";
import { MoneyDisplay } from "@/components/money";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";
import { CheckingStatus } from "./checking-status";
import { priceOfPayment } from "./price-of-payment";

/** On its way: nothing here pays again or takes back. The words and the clock come from CheckingStatus. */
export function Checking({ payment }: { payment: PaymentView }) {
  const t = useTranslations("pay");
  const { store } = payment;
  const [first, ...rest] = t("checkingHeading").split(/(?<=\.)\s/);
  return (
    <>
      <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
        <p className="grid min-h-13 place-items-center pt-1 text-[1.0625rem]/6 font-semibold">{t("paymentTitle")}</p>
        <div className="relative mx-auto mt-3 grid size-[164px] place-items-center">
          <svg viewBox="0 0 164 164" aria-hidden="true" className="absolute inset-0 animate-spin [animation-duration:1.6s]">
            <circle cx="82" cy="82" r="76" fill="none" strokeWidth="6" className="stroke-line" />
            <circle cx="82" cy="82" r="76" fill="none" strokeWidth="6" strokeLinecap="round" strokeDasharray="120 358" className="stroke-brand-ink" />
          </svg>
          {store ? <Tile seed={tileSeed(store.id, store.qrVersion)} size={84} isNamed /> : null}
        </div>
        <h1 className="mt-5 text-[1.625rem]/[2rem]">
          {first} <span className="block">{rest.join(" ")}</span>
        </h1>
        <p className="mt-2.5">
          <MoneyDisplay {...priceOfPayment(payment)} size="m" />
        </p>
        {store ? <p className="text-muted">{t("paidTo", { store: store.name })}</p> : null}
        <CheckingStatus paymentId={payment.id} sentAt={payment.createdAt} now={new Date()} timeZone={store?.timeZone} />
        <div className="mt-auto grid gap-1 pt-4">
          <LinkButton href={paths.activity()} kind="soft" isWide>
            {t("toActivity")}
          </LinkButton>
          <LinkButton href={paths.home()} kind="quiet" isWide>
            {t("toHome")}
          </LinkButton>
        </div>
      </main>
      <noscript>
        <meta httpEquiv="refresh" content="3" />
      </noscript>
    </>
  );
}
