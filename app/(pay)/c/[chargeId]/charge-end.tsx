import { Ban, Check, Clock, LoaderCircle, Wallet, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import type { ChargePage } from "@/lib/charges/queries";
import { paths } from "@/lib/paths";

type Said = { key: "paidByMe" | "payingByMe" | "paidByOther" | "paidByHidden" | "payingByOther" | "payingByHidden" | "expired" | "cancelled"; icon: LucideIcon };

/** The one sentence of a charge that can't be paid here any more, by who looks at it. */
function saidOf({ charge: { state }, isPaidByMe, ownWalletReference, firstName }: ChargePage): Said {
  if (ownWalletReference && state === "paid") return { key: "paidByMe", icon: Check };
  if (ownWalletReference && state === "paying") return { key: "payingByMe", icon: LoaderCircle };
  if (state === "paid") return { key: isPaidByMe ? "paidByMe" : firstName ? "paidByOther" : "paidByHidden", icon: Check };
  if (state === "paying") return { key: isPaidByMe ? "payingByMe" : firstName ? "payingByOther" : "payingByHidden", icon: LoaderCircle };
  return state === "cancelled" ? { key: "cancelled", icon: Ban } : { key: "expired", icon: Clock };
}

/** Paid, on its way, expired or cancelled: what that means for whoever looks, and where to go from here. */
export function ChargeEnd({ page }: { page: ChargePage }) {
  const t = useTranslations("charges");
  const guest = useTranslations("guest.begun");
  const { key, icon } = saidOf(page);
  const { charge, isPaidByMe, ownWalletReference, firstName } = page;
  // Begun in this browser, and as far as we know not confirmed in the wallet.
  const isBegun = ownWalletReference !== null && charge.hold !== null && !charge.hold.isReported;
  return (
    <section className="flex flex-1 flex-col px-5 pb-5" data-testid={`charge-${charge.state}`}>
      <div className="my-auto grid justify-items-center py-8 text-center" role="status">
        <span className="grid size-16 place-items-center rounded-[22px] bg-sunk text-muted">
          <Icon of={isBegun ? Wallet : icon} size="large" />
        </span>
        <h2 className="mt-5">{isBegun ? guest("title") : t(`said.${key}.title`, { name: firstName ?? "" })}</h2>
        <p className="mt-2 max-w-[36ch] text-muted">{isBegun ? guest("text") : t(`said.${key}.text`)}</p>
      </div>
      <div className="grid gap-2">
        {ownWalletReference ? (
          <LinkButton href={paths.guestPayment(ownWalletReference)} isWide>
            {isBegun ? guest("continue") : t("seePayment")}
          </LinkButton>
        ) : isPaidByMe && charge.payment ? (
          <LinkButton href={paths.payment(charge.payment.transactionId)} isWide>
            {t("seePayment")}
          </LinkButton>
        ) : (
          <LinkButton href={paths.scan()} isWide>
            {t("scanAnother")}
          </LinkButton>
        )}
        <LinkButton href={paths.home()} kind="quiet" isWide>
          {t("toHome")}
        </LinkButton>
      </div>
    </section>
  );
}
