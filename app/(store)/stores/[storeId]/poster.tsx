import { useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import { Mark } from "@/components/logo";
import { QrCode } from "@/components/qr-code";
import { TilePattern } from "@/components/tile";
import { tileSeed, tileWord } from "@/components/tile-art";
import type { StoreHead } from "@/lib/stores/queries";

/** The quiet zone of the code is the paper itself: multiplied, its white takes the paper's tone. Paper is light in both themes: the same tokens with their light values. */
const PAPER = { "--color-ink": "#0B1B36", "--color-muted": "#525F78", "--color-line": "#E2E2DA", "--color-brand-ink": "#1B43B8" } as CSSProperties;

/** The store's poster in the proportions of A6 (and A4). Sizes follow its own width, so that the same drawing is preview and print. */
export function Poster({ store, id }: { store: StoreHead; id?: string }) {
  const t = useTranslations("store");
  const seed = tileSeed(store.id, store.qrVersion);
  return (
    <div id={id} style={PAPER} className="@container aspect-[105/148] w-full overflow-hidden bg-glaze font-sans text-ink">
      <div className="flex h-full flex-col">
        <div className="h-[22.2cqw] flex-none overflow-hidden">
          <TilePattern seed={seed} side={44} className="h-full" />
        </div>
        <div className="flex flex-1 flex-col items-center justify-between px-[5.5cqw] pt-[4.5cqw] pb-[3cqw] text-center">
          <div>
            <p className="text-[4.2cqw]/[5.4cqw] font-[550] text-muted">{t("posterPay")}</p>
            <p className="mt-[.6cqw] line-clamp-2 font-display text-[9cqw]/[10cqw] font-[650] tracking-[-.02em] text-balance break-words">{store.name}</p>
          </div>
          <div className="-my-[5cqw] w-[73cqw] mix-blend-multiply [&_svg]:h-auto [&_svg]:w-full">
            <QrCode text={store.payUrl} seed={seed} label={t("qrLabel", { name: store.name })} size={1200} />
          </div>
          <div className="grid w-full grid-cols-2 divide-x divide-line">
            <p>
              <span className="block text-[3.4cqw]/[4.6cqw] text-muted">{t("posterCode")}</span>
              <b className="font-display text-[6cqw]/[7.4cqw] font-[650] tracking-[.08em]">{store.shortCode}</b>
            </p>
            <p>
              <span className="block text-[3.4cqw]/[4.6cqw] text-muted">{t("posterWord")}</span>
              <b className="font-display text-[6cqw]/[7.4cqw] font-[650]">{tileWord(seed)}</b>
            </p>
          </div>
          <div className="flex w-full items-center justify-between text-[3.4cqw]/[4.6cqw] text-muted">
            <span className="flex items-center gap-[1.6cqw] [&_svg]:size-[6cqw]">
              <Mark />
              <b className="font-display text-[5cqw]/[6cqw] font-bold tracking-[-.03em] text-ink">CocoPay</b>
            </span>
            <span>{t("posterRewards")}</span>
          </div>
        </div>
        <div className="h-[6.6cqw] flex-none overflow-hidden">
          <TilePattern seed={seed} side={22} className="h-full" />
        </div>
      </div>
    </div>
  );
}

/** The small poster beside the first day's page. */
export function PosterCard({ store }: { store: StoreHead }) {
  const t = useTranslations("store");
  const seed = tileSeed(store.id, store.qrVersion);
  return (
    <div style={PAPER} className="mx-auto w-full max-w-[290px] overflow-hidden rounded-card bg-glaze text-center text-ink shadow-3">
      <div className="h-[56px] overflow-hidden">
        <TilePattern seed={seed} side={44} className="h-full" />
      </div>
      <div className="px-5 pt-4 pb-5">
        <p className="font-display text-heading font-[650] break-words">{store.name}</p>
        <div className="mx-auto -my-2.5 w-[228px] mix-blend-multiply [&_svg]:h-auto [&_svg]:w-full">
          <QrCode text={store.payUrl} seed={seed} label={t("qrLabel", { name: store.name })} size={420} />
        </div>
        <p className="font-display text-[1.375rem]/7 font-[650] tracking-[.08em]">{store.shortCode}</p>
        <p className="mt-0.5 text-small text-muted">{t.rich("posterWordLine", { word: tileWord(seed), b: (text) => <b className="font-semibold">{text}</b> })}</p>
      </div>
      <div className="h-[26px] overflow-hidden">
        <TilePattern seed={seed} side={22} className="h-full" />
      </div>
    </div>
  );
}
