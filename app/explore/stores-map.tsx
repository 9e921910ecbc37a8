"use client";

import "maplibre-gl/dist/maplibre-gl.css";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { createPortal } from "react-dom";
import { StoreMark } from "@/components/store-mark";
import type { Place } from "@/lib/explore/rules";
import { paths } from "@/lib/paths";
import { useMap } from "./use-map";

export type MapStore = { id: string; name: string; latitude: number; longitude: number; qrVersion: number; logoHash: string | null };

/** The stores where they are. The library comes after the page and only when the map is seen; without a tile server the stores stand on plain ground. */
export function StoresMap({ stores, place, centre, styleUrl }: { stores: readonly MapStore[]; place: Place | null; centre: Place; styleUrl: string | null }) {
  const t = useTranslations("explore");
  const box = useRef<HTMLDivElement>(null);
  const points = [...stores.map(({ id, latitude, longitude }) => ({ key: id, latitude, longitude })), ...(place ? [{ key: "you", ...place }] : [])];
  const { spots, hasFailed } = useMap(box, { points, centre, styleUrl, words: { "Map.Title": t("map"), "NavigationControl.ZoomIn": t("zoomIn"), "NavigationControl.ZoomOut": t("zoomOut") } });
  return (
    <section aria-label={t("mapLabel")} className="lg:sticky lg:top-5">
      <div className="relative h-[360px] overflow-hidden bg-sunk lg:h-[calc(100dvh-160px)] lg:rounded-card lg:shadow-1">
        <div ref={box} className="size-full" />
        {hasFailed ? <p className="absolute inset-0 grid place-items-center p-8 text-center text-muted">{t("mapFailed")}</p> : null}
        {stores.map((store) => {
          const spot = spots.get(store.id);
          return spot
            ? createPortal(
                <a href={paths.publicStore(store.id)} aria-label={store.name} title={store.name} className="grid size-12 place-items-center rounded-[15px] bg-card p-[3px] shadow-2">
                  <StoreMark store={store} size={36} />
                </a>,
                spot,
                store.id,
              )
            : null;
        })}
        {spots.has("you")
          ? createPortal(
              <span role="img" aria-label={t("you")} className="block size-6 rounded-full border-4 border-card bg-brand shadow-2" />,
              spots.get("you")!,
              "you",
            )
          : null}
      </div>
      {styleUrl === null && !hasFailed ? <p className="mt-2 px-5 text-caption text-muted lg:px-1">{t("mapPlain")}</p> : null}
    </section>
  );
}
