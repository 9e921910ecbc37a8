"use client";

import { Calculator, Smartphone } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { tileWord } from "@/components/tile-art";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import type { TillStore } from "./till";

/** The store's own code, where the customer types the amount. It never changes, so it also hangs on the wall. */
export function StoreCode({ store, qr, onBack }: { store: TillStore; qr: ReactNode; onBack: () => void }) {
  const t = useTranslations("till");
  const sell = useTranslations("sale.pad");
  return (
    <main id="content" className="grid place-items-center overflow-y-auto px-5 py-6 lg:col-start-1 lg:row-span-4 lg:row-start-1 lg:py-5">
      <div className="grid w-full justify-items-center text-center">
        <div className="w-full max-w-[min(540px,calc(100dvh-320px))] min-w-[min(100%,240px)] overflow-hidden rounded-[28px] shadow-3 md:rounded-[36px] [&_svg]:h-auto [&_svg]:w-full">{qr}</div>
        <p className="mt-6 flex items-center gap-2 text-heading font-semibold">
          <Icon of={Smartphone} />
          {t("scan")}
        </p>
        <p className="mt-1 text-muted">{t.rich("orType", { code: store.shortCode, host: store.host, b: (text) => <b className="font-display text-heading font-[650] tracking-[.08em] text-ink">{text}</b> })}</p>
        <p className="mt-1 text-small text-muted">{t.rich("word", { word: tileWord(store.seed), b: (text) => <b className="font-semibold text-ink">{text}</b> })}</p>
        <div className="mt-5">
          <Button kind="soft" icon={<Icon of={Calculator} />} onClick={onBack}>
            {sell("backToKeypad")}
          </Button>
        </div>
      </div>
    </main>
  );
}
