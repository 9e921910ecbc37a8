import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import type { MyInvitation } from "@/lib/team/queries";
import { AnswerInvitation } from "./answer-invitation";

/** Invitations for the very phone that is signed in, whether or not their message arrived. */
export async function MyInvitations({ invitations }: { invitations: readonly MyInvitation[] }) {
  const [t, roles] = await Promise.all([getTranslations("invitations"), getTranslations("store.roles")]);
  return (
    <section aria-labelledby="invitations" className="mb-5 rounded-card bg-card p-5 shadow-1">
      <h2 id="invitations">{t("mineTitle")}</h2>
      <AreaMessages areas={["invitations"]}>
        <ul className="mt-2 divide-y divide-line">
          {invitations.map(({ id, storeId, storeName, qrVersion, role, inviterName }) => (
            <li key={id} className="grid gap-3 py-3">
              <span className="flex items-center gap-3.5">
                <Tile seed={tileSeed(storeId, qrVersion)} size={44} />
                <span className="min-w-0">
                  <b className="block truncate font-semibold leading-5">{storeName}</b>
                  <span className="block text-small text-muted">{t("mineLine", { role: roles(role), inviter: inviterName ?? t("somebody") })}</span>
                </span>
              </span>
              <AnswerInvitation invitationId={id} storeName={storeName} />
            </li>
          ))}
        </ul>
      </AreaMessages>
    </section>
  );
}
