import clsx from "clsx";
import { paths } from "@/lib/paths";
import { Tile, type TileSize } from "./tile";
import { tileSeed } from "./tile-art";

/** A store's logo where it has one, else its tile; decoration beside the name. Where somebody pays or is paid the tile itself is shown: it is what the sticker carries. */
export function StoreMark({ store, size = 44, className }: { store: { id: string; qrVersion: number; logoHash: string | null }; size?: TileSize; className?: string }) {
  if (store.logoHash === null) return <Tile seed={tileSeed(store.id, store.qrVersion)} size={size} className={className} />;
  return (
    // oxlint-disable-next-line next/no-img-element -- drawn by us in the size that is needed: nothing is left to optimise
    <img
      src={paths.storeLogo(store.id, store.logoHash, size > 64 ? "large" : "small")}
      alt=""
      width={size}
      height={size}
      loading="lazy"
      decoding="async"
      style={{ width: size, height: size }}
      className={clsx("block flex-none rounded-tile bg-glaze object-cover", className)}
    />
  );
}
