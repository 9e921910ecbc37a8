"use client";

import "maplibre-gl/dist/maplibre-gl.css";
import { LocateFixed, MapPin } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useMap } from "@/app/explore/use-map";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { HOME_TOWN, onEarth, type Place } from "@/lib/explore/rules";
import { PLACE_LENGTH_MAX } from "@/lib/stores/rules";
import type { StoreSettings } from "@/lib/stores/settings";
import { savePlaceAction } from "./actions";
import { SectionForm } from "./section-form";

/** The address in words, and a pin: by a tap on the map, by the device, or as two numbers for whoever can use neither. */
export function PlaceForm({ storeId, version, values, styleUrl }: { storeId: string; version: string; values: StoreSettings["place"]; styleUrl: string | null }) {
  const t = useTranslations("settings");
  const [address, setAddress] = useState(values.address ?? "");
  const [latitude, setLatitude] = useState(values.latitude ?? "");
  const [longitude, setLongitude] = useState(values.longitude ?? "");
  const [state, setState] = useState<"idle" | "asking" | "refused">("idle");
  const put = (place: Place) => {
    setState("idle");
    setLatitude(place.latitude.toFixed(6));
    setLongitude(place.longitude.toFixed(6));
  };
  const ask = () => {
    if (!("geolocation" in navigator)) return setState("refused");
    setState("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => put({ latitude: coords.latitude, longitude: coords.longitude }),
      () => setState("refused"),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  };
  return (
    <SectionForm storeId={storeId} version={version} title={t("place")} save={savePlaceAction} fieldOf={{ place_invalid: "address", coordinates_invalid: "pin" }}>
      {(errorOf) => (
        <>
          <Field label={t("address")} name="address" value={address} onChange={(event) => setAddress(event.target.value)} maxLength={2 * PLACE_LENGTH_MAX} autoComplete="street-address" required hint={t("addressHint")} error={errorOf("address")} leading={<Icon of={MapPin} className="text-brand-ink" />} />
          <fieldset className="grid gap-3">
            <legend className="text-label">{t("pin")}</legend>
            <p className="text-small text-muted">{t("pinText")}</p>
            <PinMap place={placeOf(latitude, longitude)} styleUrl={styleUrl} onPick={put} />
            <div className="grid grid-cols-2 gap-3">
              <Field label={t("latitude")} name="latitude" value={latitude} onChange={(event) => setLatitude(event.target.value)} inputMode="decimal" maxLength={20} autoComplete="off" size="medium" error={errorOf("pin")} />
              <Field label={t("longitude")} name="longitude" value={longitude} onChange={(event) => setLongitude(event.target.value)} inputMode="decimal" maxLength={20} autoComplete="off" size="medium" />
            </div>
            <div className="flex flex-wrap items-center gap-2">
              <Button kind="outline" size="medium" icon={<Icon of={LocateFixed} />} busy={state === "asking" && t("locating")} onClick={ask}>
                {t("useMyPlace")}
              </Button>
              {latitude !== "" || longitude !== "" ? (
                <Button
                  kind="quiet"
                  size="medium"
                  onClick={() => {
                    setLatitude("");
                    setLongitude("");
                  }}
                >
                  {t("pinClear")}
                </Button>
              ) : null}
            </div>
            <p role="status" className="text-small text-muted empty:hidden">
              {state === "refused" ? t("locationRefused") : null}
            </p>
          </fieldset>
        </>
      )}
    </SectionForm>
  );
}

function placeOf(latitude: string, longitude: string): Place | null {
  const [y, x] = [latitude, longitude].map((text) => (/^-?\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : Number.NaN));
  return y === undefined || x === undefined || Number.isNaN(y) || Number.isNaN(x) ? null : onEarth({ latitude: y, longitude: x });
}

function PinMap({ place, styleUrl, onPick }: { place: Place | null; styleUrl: string | null; onPick: (place: Place) => void }) {
  const t = useTranslations("settings");
  const explore = useTranslations("explore");
  const box = useRef<HTMLDivElement>(null);
  const { spots, hasFailed } = useMap(box, {
    points: place ? [{ key: "pin", ...place }] : [],
    centre: place ?? HOME_TOWN,
    styleUrl,
    words: { "Map.Title": t("pin"), "NavigationControl.ZoomIn": explore("zoomIn"), "NavigationControl.ZoomOut": explore("zoomOut") },
    onPick,
  });
  const spot = spots.get("pin");
  if (hasFailed) return null;
  return (
    <div className="relative h-[260px] overflow-hidden rounded-control bg-sunk">
      <div ref={box} className="size-full" />
      {spot ? createPortal(<Icon of={MapPin} size="large" className="fill-brand text-on-brand" />, spot) : null}
    </div>
  );
}
