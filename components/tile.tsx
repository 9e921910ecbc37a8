import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import { useId, type ReactNode } from "react";
import { tileArt, tileOf } from "./tile-art";

/** 36 parts, 44 rows, 84 store head, 156 phone Paid, 292 till Paid. */
export type TileSize = 30 | 36 | 44 | 64 | 84 | 156 | 292;

/**
 * The store's tile. Beside the store's name it is decoration (the default); `isNamed` gives it the text twin "Azulejo barro, concha".
 * `seed` comes from `tileSeed(storeId, qrVersion)`.
 */
export function Tile({ seed, size = 44, isNamed, className }: { seed: string; size?: TileSize; isNamed?: boolean; className?: string }) {
  const look = tileOf(seed);
  const t = useTranslations("common");
  const locale = useLocale();
  const names = isNamed ? { role: "img", "aria-label": t("tileAlt", { glaze: look.glaze.names[locale], word: look.word }) } : { "aria-hidden": true };
  return (
    <span style={{ width: size, height: size }} className={clsx("relative block flex-none overflow-hidden rounded-tile bg-glaze", className)}>
      <svg {...names} viewBox="0 0 64 64" width={size} height={size} className="block" dangerouslySetInnerHTML={{ __html: tileArt(look) }} />
      <span aria-hidden="true" className="absolute inset-0 rounded-tile shadow-[inset_0_0_0_1px_rgb(11_27_54/.16)]" />
    </span>
  );
}

/** A strip or wall of one store's tile, repeated; always decoration. `side` is the size of one tile in px. */
export function TilePattern({ seed, side = 42, className }: { seed: string; side?: number; className?: string }) {
  return <Pattern art={tileArt(tileOf(seed))} side={side} className={className} />;
}

/** The foot of the sidebar and the head of a store: one row of tiles. */
export function TileFrieze({ seed, height = 44 }: { seed: string; height?: number }) {
  return (
    <div aria-hidden="true" style={{ height }} className="overflow-hidden bg-glaze">
      <TilePattern seed={seed} side={height} className="h-full" />
    </div>
  );
}

/** CocoPay's own motif: four petals and a ring at the corners, in one colour. */
const BRAND_PETALS = [0, 90, 180, 270].map((degrees) => `<path transform="rotate(${degrees} 32 32)" d="M32 32A20 20 0 0 1 12 12A20 20 0 0 1 32 32Z" fill="currentColor"/>`).join("");
const BRAND_ART =
  BRAND_PETALS + [0, 90, 180, 270].map((degrees) => `<path transform="rotate(${degrees} 32 32)" d="M11 0H17A17 17 0 0 1 0 17V11A11 11 0 0 0 11 0Z" fill="currentColor"/>`).join("");

const FADES = { side: "mask-[linear-gradient(200deg,#000_10%,transparent_62%)] text-on-deep-muted", up: "mask-[linear-gradient(0deg,#000,transparent_80%)] text-on-paid" } as const;

/** CocoPay's own pattern, tone on tone, fading out toward the text: `side` on the balance header, `up` on the till's Paid. At most one patterned area a screen. */
export function BrandPattern({ side = 78, fade = "side" }: { side?: number; fade?: keyof typeof FADES }) {
  return (
    <div aria-hidden="true" className={clsx("pointer-events-none absolute inset-0", FADES[fade])}>
      <Pattern art={BRAND_ART} side={side} className={clsx("h-full", fade === "side" ? "opacity-20" : "opacity-[.07]")} />
    </div>
  );
}

/** One large tile of the brand with something in its middle, such as the fingerprint of the quick sign-in; always decoration. */
export function BrandTile({ children }: { children: ReactNode }) {
  return (
    <span aria-hidden="true" className="relative grid size-[250px] place-items-center overflow-hidden rounded-[56px] bg-brand-soft text-brand">
      <svg viewBox="0 0 64 64" className="absolute inset-0 size-full" dangerouslySetInnerHTML={{ __html: BRAND_ART }} />
      <span className="relative grid size-[121px] place-items-center rounded-full bg-card text-brand-ink">{children}</span>
    </span>
  );
}

/** A small wall with one tile missing, for empty states: `children` is the icon in the gap. */
export function MissingTileWall({ children, side = 84 }: { children?: ReactNode; side?: 64 | 84 }) {
  return (
    <div aria-hidden="true" className="grid grid-cols-2 gap-2">
      {WALL_SEEDS.map((seed) => (
        <Tile key={seed} seed={seed} size={side} />
      ))}
      <span style={{ width: side, height: side }} className="grid place-items-center rounded-tile border-2 border-dashed border-field text-brand-ink">
        {children}
      </span>
    </div>
  );
}
const WALL_SEEDS = ["wall:16", "wall:17", "wall:20"];

/** The same in the brand's own petals, with the icon of what is missing: the 403 and error pages. */
export function MissingPetalWall({ children }: { children: ReactNode }) {
  return (
    <div aria-hidden="true" className="grid w-[220px] grid-cols-2 gap-2.5 md:w-[300px]">
      {[0, 1, 2].map((index) => (
        <span key={index} className="aspect-square rounded-tile bg-brand-soft text-brand">
          <svg viewBox="0 0 64 64" className="block size-full" dangerouslySetInnerHTML={{ __html: BRAND_PETALS }} />
        </span>
      ))}
      <span className="grid aspect-square place-items-center rounded-tile border-[3px] border-dashed border-field text-caution">{children}</span>
    </div>
  );
}

function Pattern({ art, side, className }: { art: string; side: number; className?: string }) {
  const id = useId();
  return (
    <svg width="100%" aria-hidden="true" className={clsx("block", className)}>
      <defs>
        <pattern id={id} width={side} height={side} patternUnits="userSpaceOnUse">
          <g transform={`scale(${side / 64})`} dangerouslySetInnerHTML={{ __html: art }} />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
