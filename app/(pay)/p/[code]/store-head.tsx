import { ArrowLeft, BadgeCheck, ShieldCheck } from "lucide-react";
import type { Route } from "next";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { StoreMark } from "@/components/store-mark";
import { Tile, TilePattern } from "@/components/tile";
import { tileWord } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { IconLink } from "@/components/ui/icon-button";
import { paths } from "@/lib/paths";
import type { getPayPage } from "@/lib/payments/queries";
import { StoreInfo } from "./store-info";

/** Who is paid: the wall of the store's tile, its name and place, and the word on the sticker. `children` is what can be done here. */
export function StoreHead({ page, seed, backHref = paths.home(), children }: { page: Awaited<ReturnType<typeof getPayPage>>; seed: string; backHref?: Route; children: ReactNode }) {
  const t = useTranslations("pay");
  const common = useTranslations("common");
  const { store } = page;
  return (
    <>
      <div className="absolute inset-x-0 top-0 h-[148px] overflow-hidden bg-glaze">
        <TilePattern seed={seed} className="h-full" />
      </div>
      <header className="relative flex items-center justify-between px-3 pt-3">
        <IconLink href={backHref} aria-label={common("back")} ground="card">
          <Icon of={ArrowLeft} size="nav" />
        </IconLink>
        <StoreInfo page={page} word={tileWord(seed)} />
      </header>
      <main id="content" className="relative mt-10 flex flex-1 flex-col rounded-t-[28px] bg-surface pt-3.5">
        <div className="flex items-start gap-3.5 px-5">
          <span className="-mt-[42px] rounded-[26px] bg-surface p-[5px]">
            <Tile seed={seed} size={84} isNamed />
          </span>
          <div className="min-w-0 flex-1">
            <h1 className="text-[1.375rem]/[1.625rem]">
              {store.name} <Icon of={BadgeCheck} className="inline-block align-[-.15em] text-brand-ink" />
              <span className="sr-only">{t("verified")}</span>
            </h1>
            {store.place ? <p className="truncate text-small text-muted">{store.place}</p> : null}
          </div>
          {/* Beside the tile, never in its place: the tile is what the sticker carries. */}
          {store.logoHash ? <StoreMark store={store} size={44} /> : null}
        </div>
        <div className="mt-2.5 px-5">
          <p className="flex flex-wrap items-center justify-between gap-x-3 rounded-[14px] bg-sunk px-3.5 py-2 text-small">
            <span className="flex items-center gap-2">
              <Icon of={ShieldCheck} size="chip" />
              <span>{t.rich("checkWord", { word: tileWord(seed), b: (text) => <b className="font-[650]">{text}</b> })}</span>
            </span>
            {page.paymentsThisMonth > 0 ? <span className="text-muted tabular-nums">{t("paymentsThisMonth", { count: page.paymentsThisMonth })}</span> : null}
          </p>
        </div>
        {children}
      </main>
    </>
  );
}
