import { Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { RowIcon } from "@/components/ui/row";
import { shortAddress } from "./short-address";

/** The wallet that is at hand: its program's name and its address. Needs the texts of the area `wallets`. */
export function ConnectedCard({ wallet, line }: { wallet: { name: string | null; address: string }; line?: string }) {
  const t = useTranslations("wallets");
  return (
    <div className="flex items-center gap-3.5 rounded-[20px] bg-card px-4 py-3 shadow-1">
      <RowIcon ground="brand">
        <Icon of={Wallet} />
      </RowIcon>
      <div className="min-w-0 flex-1">
        <b className="block truncate leading-5 font-semibold">{wallet.name ?? t("unnamed")}</b>
        <span className="block text-small text-muted tabular-nums" title={wallet.address}>
          {shortAddress(wallet.address)}
        </span>
        {line ? <span className="block text-small text-muted">{line}</span> : null}
      </div>
    </div>
  );
}
