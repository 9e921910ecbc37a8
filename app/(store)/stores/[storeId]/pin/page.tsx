import { Users } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { getSeat } from "@/lib/team/queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { StorePage } from "../store-page";
import { LeaveTeam } from "./leave-team";
import { PinForm } from "./pin-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("seats"))("title") };
}

/** A member's own seat: the PIN, the way to a shared till, and leaving. */
export default async function SeatPage({ params }: PageProps<"/stores/[storeId]/pin">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const [{ store, role }, { pin }] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), getSeat(actor, storeId)]));
  const t = await getTranslations("seats");
  return (
    <StorePage actor={actor} store={store} role={role} current="seat">
      <h1>{t("title")}</h1>
      <p className="mt-1 text-muted">{t("lead", { store: store.name })}</p>
      <AreaMessages areas={["seats"]}>
        <div className="mt-6 grid gap-5 lg:grid-cols-2">
          <Card aria-labelledby="pin">
            <h2 id="pin">{t("pinTitle")}</h2>
            <p className="mt-1 text-muted">{t("pinText")}</p>
            <div className="mt-3">
              <Note tone={pin === "locked" ? "caution" : pin === "set" ? "positive" : "neutral"}>{t(pin === "locked" ? "pinLocked" : pin === "set" ? "pinSet" : "pinNone")}</Note>
            </div>
            <PinForm storeId={store.id} />
          </Card>
          <div className="grid content-start gap-5">
            <Card aria-labelledby="share">
              <h2 id="share">{t("shareTitle")}</h2>
              <p className="mt-1 mb-4 text-muted">{t("shareText")}</p>
              <LinkButton kind="soft" href={paths.shareTill(store.id)} icon={<Icon of={Users} />}>
                {t("shareLink")}
              </LinkButton>
            </Card>
            <Card aria-labelledby="leave">
              <h2 id="leave">{t("leaveTitle")}</h2>
              <p className="mt-1 mb-4 text-muted">{t(can(role, "team.leave") ? "leaveText" : "ownerText")}</p>
              {can(role, "team.leave") ? (
                <LeaveTeam storeId={store.id} storeName={store.name} />
              ) : (
                <LinkButton kind="outline" href={paths.storeTeam(store.id)}>
                  {t("ownerLink")}
                </LinkButton>
              )}
            </Card>
          </div>
        </div>
      </AreaMessages>
    </StorePage>
  );
}
