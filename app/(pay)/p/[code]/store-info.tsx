"use client";

import { Info } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Dialog } from "@/components/ui/dialog";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { chainName } from "@/lib/chain/chains";
import type { getPayPage } from "@/lib/payments/queries";

const BPS_PER_PERCENT = 100;

/** What the server knows of the store, behind the info button: the id on the public record stands here and nowhere else. */
export function StoreInfo({ page, word }: { page: Awaited<ReturnType<typeof getPayPage>>; word: string }) {
  const t = useTranslations("pay");
  const locale = useLocale();
  const { store } = page;
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(store.rewardRateBps / BPS_PER_PERCENT);
  return (
    <Dialog
      title={t("aboutStore")}
      lead={t("verifiedText")}
      trigger={
        <IconButton aria-label={t("aboutStore")} ground="card">
          <Icon of={Info} size="nav" />
        </IconButton>
      }
    >
      <dl className="grid">
        {store.place ? <Line term={t("place")}>{store.place}</Line> : null}
        <Line term={t("rewardRate")}>{t("rewardRateValue", { percent })}</Line>
        <Line term={t("payments")}>{page.paymentsThisMonth}</Line>
        <Line term={t("shortCode")}>
          <span className="tracking-[.08em]">{store.shortCode}</span>
        </Line>
        {page.verified ? <Line term={t("registeredAs", { chain: chainName(page.verified.chainId) })}>#{page.verified.projectId}</Line> : null}
      </dl>
      <p className="mt-3 pb-2 text-small text-muted">{t.rich("checkWordHelp", { word, b: (text) => <b className="text-ink">{text}</b> })}</p>
    </Dialog>
  );
}

function Line({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2.5 text-label last:border-0">
      <dt className="font-normal text-muted">{term}</dt>
      <dd className="text-right tabular-nums">{children}</dd>
    </div>
  );
}
