import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import { useId } from "react";
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

const BRAND_ART =
  '<g fill="currentColor"><path d="M32 32A20 20 0 0 1 12 12A20 20 0 0 1 32 32Z"/><path d="M32 32A20 20 0 0 0 52 12A20 20 0 0 0 32 32Z"/><path d="M32 32A20 20 0 0 0 12 52A20 20 0 0 0 32 32Z"/><path d="M32 32A20 20 0 0 1 52 52A20 20 0 0 1 32 32Z"/></g>' +
  '<g fill="none" stroke="currentColor" stroke-width="6"><circle cx="0" cy="0" r="14"/><circle cx="64" cy="0" r="14"/><circle cx="0" cy="64" r="14"/><circle cx="64" cy="64" r="14"/></g>';

/** CocoPay's own pattern, tone on tone, fading out toward the text. At most one patterned area a screen. */
export function BrandPattern({ side = 78, className }: { side?: number; className?: string }) {
  return (
    <div aria-hidden="true" className={clsx("pointer-events-none absolute inset-0 [mask-image:linear-gradient(200deg,#000_10%,transparent_62%)]", className)}>
      <Pattern art={BRAND_ART} side={side} className="h-full opacity-20" />
    </div>
  );
}

/** A wall of twelve tiles with one missing: empty states and the 403 page. */
export function MissingTileWall({ seed = "cocopay:1", side = 56 }: { seed?: string; side?: number }) {
  const art = tileArt(tileOf(seed));
  return (
    <div aria-hidden="true" className="grid grid-cols-4 gap-1" style={{ width: side * 4 + 12 }}>
      {Array.from({ length: 12 }, (_, index) =>
        index === MISSING_AT ? (
          <span key={index} style={{ width: side, height: side }} className="rounded-[14%] border-2 border-dashed border-field" />
        ) : (
          <svg key={index} viewBox="0 0 64 64" width={side} height={side} className="block rounded-[6%]" dangerouslySetInnerHTML={{ __html: art }} />
        ),
      )}
    </div>
  );
}
const MISSING_AT = 6;

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
