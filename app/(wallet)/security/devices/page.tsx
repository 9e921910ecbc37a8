import { Monitor, MonitorSmartphone, Smartphone, Tablet } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { ActButton } from "@/app/account/act-button";
import { cancelWaitAction, endDeviceAction, endOtherDevicesAction } from "@/app/account/actions";
import { FreezeButton } from "@/app/account/freeze-button";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { RowIcon } from "@/components/ui/row";
import type { Actor } from "@/lib/auth/actor";
import { listDevices, securityOverview, type Device } from "@/lib/auth/queries";
import { listOpenWaits } from "@/lib/auth/request-step-up-wait";
import { requireActor } from "@/lib/auth/session";
import { formatDate, formatDateTime, formatRelative } from "@/lib/money-format";
import { SecurityPage } from "../security-page";
import { UnfreezeButton } from "./unfreeze-button";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("security");
  return { title: t("devices"), robots: { index: false } };
}

const DRAWINGS = { phone: Smartphone, tablet: Tablet, computer: Monitor, unknown: MonitorSmartphone } as const;

/** Who is signed in, what is waited for, and the brake for when something looks wrong. */
export default async function DevicesPage() {
  const actor = await requireActor();
  const [t, devices, { frozenAt }] = await Promise.all([getTranslations("security"), listDevices(actor), securityOverview(actor)]);
  return (
    <SecurityPage title={t("devices")}>
      <AreaMessages areas={["security", "passkeys", "wallets"]}>
        {frozenAt ? (
          <Card aria-labelledby="frozen">
            <h2 id="frozen">{t("unfreeze")}</h2>
            <p className="mt-1 mb-4 text-muted">{t("unfreezeText")}</p>
            <UnfreezeButton />
          </Card>
        ) : null}
        <Card isFlush aria-label={t("devices")}>
          <ul className="divide-y divide-line">
            {devices.map((device) => (
              <DeviceRow key={device.sessionId} device={device} />
            ))}
          </ul>
          {devices.length > 1 ? (
            <div className="border-t border-line p-4">
              <ActButton act={endOtherDevicesAction} label={t("endOthers")} busyLabel={t("ending")} isWide />
            </div>
          ) : null}
        </Card>
        <p className="px-2 text-small text-muted">{t("placeNote")}</p>
        <OpenWaits actor={actor} />
        {frozenAt ? null : (
          <Card aria-label={t("freeze")}>
            <p className="mb-4 text-muted">{t("freezeLead")}</p>
            <FreezeButton label={t("freeze")} isWide />
          </Card>
        )}
      </AreaMessages>
    </SecurityPage>
  );
}

async function DeviceRow({ device }: { device: Device }) {
  const [t, locale] = await Promise.all([getTranslations("security"), getLocale()]);
  const name = device.name || t("unknownDevice");
  return (
    <li className="flex items-start gap-3.5 px-4 py-3.5">
      <RowIcon ground={device.isThis ? "brand" : "neutral"}>
        <Icon of={DRAWINGS[device.platform]} />
      </RowIcon>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          {name}
          {device.isThis ? <Chip tone="brand">{t("thisDevice")}</Chip> : null}
        </p>
        <p className="text-small text-muted">
          {[t("seen", { when: formatRelative(device.lastSeenAt, new Date(), locale) }), device.network && t("network", { network: device.network })].filter(Boolean).join(" · ")}
        </p>
        <p className="text-small text-muted">
          {t(`methods.${device.method}`)} · {t("since", { when: formatDate(device.firstSeenAt, locale) })}
        </p>
        {device.heldUntil ? <p className="text-small font-semibold text-caution">{t("heldUntil", { when: formatDateTime(device.heldUntil, locale) })}</p> : null}
        {device.isThis ? null : (
          <div className="mt-2">
            <ActButton act={endDeviceAction} fields={{ sessionId: device.sessionId }} label={t("endDevice")} name={t("endDeviceNamed", { device: name })} busyLabel={t("ending")} />
          </div>
        )}
      </div>
    </li>
  );
}

async function OpenWaits({ actor }: { actor: Actor }) {
  const waits = await listOpenWaits(actor);
  if (waits.length === 0) return null;
  const [t, notices, locale] = await Promise.all([getTranslations("security"), getTranslations("notices"), getLocale()]);
  return (
    <Card isFlush aria-labelledby="waits">
      <h2 id="waits" className="px-5 pt-5">
        {t("waits")}
      </h2>
      <ul className="divide-y divide-line">
        {waits.map(({ id, purpose, readyAt, expiresAt, isReady }) => (
          <li key={id} className="flex items-center gap-3 px-5 py-3.5">
            <div className="min-w-0 flex-1">
              <p className="font-semibold first-letter:uppercase">{t(`purposes.${purpose}`)}</p>
              <p className="text-small text-muted">{isReady ? t("waitReady", { when: formatDateTime(expiresAt, locale) }) : t("waitFrom", { when: formatDateTime(readyAt, locale) })}</p>
            </div>
            <ActButton act={cancelWaitAction} fields={{ waitId: id }} label={notices("cancel")} busyLabel={notices("cancelling")} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
