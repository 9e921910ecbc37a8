"use client";

import type { Map as LibreMap, StyleSpecification } from "maplibre-gl";
import { useEffect, useRef, useState, type RefObject } from "react";
import type { Place } from "@/lib/explore/rules";
import { isMapPath, paths } from "@/lib/paths";

type Point = Place & { key: string };
type Options = {
  points: readonly Point[];
  centre: Place;
  /** The tile server's style; null shows plain ground. */
  styleUrl: string | null;
  words: Record<string, string>;
  /** A tap on the map, for choosing a place. */
  onPick?: (place: Place) => void;
};
const ZOOM = 12;
const ZOOM_MAX = 15;
const PADDING = 56;

/**
 * A map in a box. The library is fetched when the box is first seen. `spots` are elements that stand at their points, for the caller to draw into.
 * `hasFailed`: the device draws no such map, or the library did not come.
 */
export function useMap(box: RefObject<HTMLDivElement | null>, { points, centre, styleUrl, words, onPick }: Options): { spots: ReadonlyMap<string, HTMLElement>; hasFailed: boolean } {
  const [map, setMap] = useState<{ map: LibreMap; Marker: typeof import("maplibre-gl").Marker } | null>(null);
  const [spots, setSpots] = useState<ReadonlyMap<string, HTMLElement>>(new Map());
  const [hasFailed, setFailed] = useState(false);
  const latest = useRef({ centre, words, onPick });
  useEffect(() => {
    latest.current = { centre, words, onPick };
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // The policy of a document is the one it was loaded with: after a way in from another kind of page the tiles' host is not in it.
    if (styleUrl !== null && isMapPath(location.pathname) && !isMapPath(loadedPath())) return location.reload();
    let isGone = false;
    let made: LibreMap | undefined;
    const draw = async () => {
      try {
        const { Map: LibreMap, Marker, NavigationControl, setWorkerUrl } = await import("maplibre-gl");
        if (isGone) return;
        setWorkerUrl(paths.mapWorker());
        made = new LibreMap({
          container: element,
          style: styleUrl ?? plainGround(element),
          center: [latest.current.centre.longitude, latest.current.centre.latitude],
          zoom: ZOOM,
          locale: latest.current.words,
          attributionControl: styleUrl === null ? false : { compact: true },
          dragRotate: false,
          pitchWithRotate: false,
        });
        made.addControl(new NavigationControl({ showCompass: false }), "top-right");
        made.on("click", ({ lngLat }) => latest.current.onPick?.({ latitude: lngLat.lat, longitude: lngLat.lng }));
        setMap({ map: made, Marker });
      } catch {
        if (!isGone) setFailed(true);
      }
    };
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watcher.disconnect();
      void draw();
    });
    watcher.observe(element);
    return () => {
      isGone = true;
      watcher.disconnect();
      made?.remove();
      setMap(null);
    };
  }, [box, styleUrl]);

  const key = JSON.stringify(points);
  useEffect(() => {
    if (!map) return;
    const wanted = JSON.parse(key) as Point[];
    const markers = wanted.map((point) => ({ point, marker: new map.Marker({ element: document.createElement("div"), anchor: "bottom" }).setLngLat([point.longitude, point.latitude]).addTo(map.map) }));
    setSpots(new Map(markers.map(({ point, marker }) => [point.key, marker.getElement()])));
    if (wanted.length > 1) map.map.fitBounds(boundsOf(wanted), { padding: PADDING, maxZoom: ZOOM_MAX, animate: false });
    else if (wanted[0]) map.map.easeTo({ center: [wanted[0].longitude, wanted[0].latitude], animate: false });
    return () => {
      setSpots(new Map());
      for (const { marker } of markers) marker.remove();
    };
  }, [map, key]);

  return { spots, hasFailed };
}

function boundsOf(points: readonly Point[]): [[number, number], [number, number]] {
  const [longitudes, latitudes] = [points.map(({ longitude }) => longitude), points.map(({ latitude }) => latitude)];
  return [
    [Math.min(...longitudes), Math.min(...latitudes)],
    [Math.max(...longitudes), Math.max(...latitudes)],
  ];
}

/** One colour, the page's own, and nothing to fetch. */
function plainGround(element: HTMLElement): StyleSpecification {
  const colour = getComputedStyle(element).getPropertyValue("--color-sunk").trim();
  return { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour || "transparent" } }] };
}

/** The path that this document was loaded with. */
function loadedPath(): string {
  const [entry] = performance.getEntriesByType("navigation");
  return entry ? new URL(entry.name).pathname : location.pathname;
}
