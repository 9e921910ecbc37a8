import { Phone, UserRound, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { Avatar } from "@/components/ui/row";

export type ShownPayee = { kind: "person" | "phone" | "address"; name: string | null; shown: string | null };

/** Whom it is about: initials and a name, a phone's end, or the way out. `words` is the line below the picture. */
export function PayeeHead({ payee, direction = "out" }: { payee: ShownPayee; direction?: "out" | "in" }) {
  return (
    <div className="flex flex-col items-center text-center">
      {payee.name ? (
        <Avatar name={payee.name} />
      ) : (
        <span className="grid size-11 flex-none place-items-center rounded-full bg-brand-soft text-brand-ink">
          <Icon of={payee.kind === "phone" ? Phone : payee.kind === "address" ? Wallet : UserRound} />
        </span>
      )}
      <p className="mt-2 font-semibold" data-testid="payee">
        <PayeeName payee={payee} direction={direction} />
      </p>
    </div>
  );
}

export function PayeeName({ payee, direction }: { payee: ShownPayee; direction: "out" | "in" }) {
  const t = useTranslations("transfers");
  if (direction === "in") return payee.name ? t("fromName", { name: payee.name }) : t("fromHidden");
  if (payee.name) return t("toName", { name: payee.name });
  if (payee.kind === "phone") return t("toPhoneShown", { phone: payee.shown ?? "" });
  return t(payee.kind === "address" ? "toAddressShown" : "toHidden");
}
