import { getTranslations } from "next-intl/server";
import { paths } from "@/lib/paths";

/** The quiet way in for whoever has a wallet. A plain link: the wallet's page needs a policy of its own, which comes with a load of the whole document. */
export async function WalletEntry({ next }: { next: string }) {
  const t = await getTranslations("wallets");
  return (
    <p className="text-center">
      <a href={paths.loginWallet(next)} className="inline-flex min-h-11 items-center px-2 text-small font-semibold text-brand-ink underline underline-offset-3">
        {t("entry")}
      </a>
    </p>
  );
}
