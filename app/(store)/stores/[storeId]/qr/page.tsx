import { Download } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { CopyLink } from "../copy-link";
import { Poster } from "../poster";
import { StorePage } from "../store-page";
import { PrintPoster } from "./print-poster";
import { RotateCard } from "./rotate-card";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("store"))("qrKit") };
}

/** The store's QR to print, save and share, for every member. */
export default async function QrPage({ params }: PageProps<"/stores/[storeId]/qr">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const [t, kit] = await Promise.all([getTranslations("store"), getTranslations("settings")]);
  const files = [
    [paths.qrKitFile(store.id, "a4"), kit("qrA4")],
    [paths.qrKitFile(store.id, "a6"), kit("qrA6")],
    [paths.qrKitFile(store.id, "stickers"), kit("qrStickers")],
    [paths.qrKitFile(store.id, "png"), kit("qrPng")],
    [paths.qrFile(store.shortCode), kit("qrSvg")],
  ] as const;
  return (
    <StorePage actor={actor} store={store} role={role} current="qr">
      <h1>{t("qrKit")}</h1>
      <p className="mt-1 text-muted">{t("qrLead")}</p>
      <div className="mt-6 grid items-start gap-5 lg:grid-cols-[minmax(0,480px)_minmax(0,1fr)]">
        <div className="rounded-card bg-sunk p-5 md:p-10">
          <div className="mx-auto max-w-[400px] overflow-hidden rounded-[6px] shadow-2">
            <Poster store={store} id="poster" />
          </div>
        </div>
        <div className="grid gap-5">
          <Card>
            <PrintPoster posterId="poster" />
          </Card>
          <Card aria-labelledby="files">
            <h2 id="files">{kit("qrFiles")}</h2>
            <p className="mt-1 text-small text-muted">{kit("qrSizes")}</p>
            <div className="mt-4 flex flex-wrap gap-2">
              {files.map(([href, label]) => (
                <a key={href} href={href} download className={buttonStyle({ kind: "soft", size: "medium" })}>
                  <Icon of={Download} />
                  {label}
                </a>
              ))}
            </div>
          </Card>
          <Card aria-labelledby="link">
            <h2 id="link">{t("linkTitle")}</h2>
            <p className="mt-1 text-small text-muted">{t("linkText")}</p>
            <p className="mt-3 font-semibold break-all select-all">{store.payUrl.replace(/^https?:\/\//, "")}</p>
            <div className="mt-4">
              <CopyLink link={store.payUrl} />
            </div>
          </Card>
          {can(role, "settings.manage") ? (
            <AreaMessages areas={["settings"]}>
              <RotateCard storeId={store.id} shortCode={store.shortCode} />
            </AreaMessages>
          ) : null}
        </div>
      </div>
    </StorePage>
  );
}
