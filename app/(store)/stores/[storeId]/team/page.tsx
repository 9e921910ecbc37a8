import { Check, Clock, LockKeyhole, Minus } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { Avatar } from "@/components/ui/row";
import { Table, type Column } from "@/components/ui/table";
import { requireActor } from "@/lib/auth/session";
import { formatDate } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { getTeam, type Member, type WaitingInvitation } from "@/lib/team/queries";
import { can, INVITED_ROLES, rightOver, ROLES, SHOWN_PERMISSIONS, wordsKey, type Role } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { StorePage } from "../store-page";
import { InvitationActions } from "./invitation-actions";
import { InviteMember } from "./invite-member";
import { ManageMember, type MemberActs } from "./manage-member";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("team"))("title") };
}

const DAY_MS = 86_400_000;

/** Who works here, who was invited, and what each role may do. For owners and admins. */
export default async function TeamPage({ params }: PageProps<"/stores/[storeId]/team">) {
  const { storeId } = await params;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const { members, invitations } = await orNotFound(getTeam(actor, storeId, { timeZone: store.timeZone }));
  const t = await getTranslations("team");
  const roles = INVITED_ROLES.filter((invited) => can(role, rightOver(invited)));
  return (
    <StorePage actor={actor} store={store} role={role} current="team">
      <AreaMessages areas={["team", "store", "auth"]}>
        <header className="flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1>{t("title")}</h1>
            <p className="mt-1 text-muted">{t("lead", { store: store.name })}</p>
          </div>
          <div className="flex items-center gap-3">
            <LiveRefresh url={paths.liveStore(store.id)} />
            <InviteMember storeId={store.id} roles={roles} />
          </div>
        </header>
        <Card isFlush className="mt-6 overflow-hidden">
          <Members members={members} role={role} store={store} />
          {members.length === 1 && invitations.length === 0 ? <EmptyState title={t("aloneTitle")} text={t("aloneText")} /> : null}
        </Card>
        {invitations.length > 0 ? <Invitations invitations={invitations} role={role} storeId={store.id} /> : null}
      </AreaMessages>
      <RoleTable />
    </StorePage>
  );
}

async function Members({ members, role, store }: { members: readonly Member[]; role: Role; store: { id: string; timeZone: string } }) {
  const [t, names, locale] = await Promise.all([getTranslations("team"), getTranslations("store.roles"), getLocale()]);
  const nameOf = ({ name }: Member) => name ?? t("somebody");
  const columns: Column<Member>[] = [
    {
      key: "person",
      head: t("columnPerson"),
      phone: "title",
      cell: (member) => (
        <span className="flex items-center gap-3">
          <Avatar name={nameOf(member)} />
          <span className="min-w-0">
            <b className="block truncate font-semibold leading-5">{member.isYou ? t("you", { name: nameOf(member) }) : nameOf(member)}</b>
            <span className="block truncate text-caption font-normal text-muted">{member.phoneShown}</span>
          </span>
        </span>
      ),
    },
    { key: "role", head: t("columnRole"), phone: "state", cell: (member) => <Chip tone={member.role === "owner" ? "brand" : "neutral"}>{names(member.role)}</Chip> },
    { key: "since", head: t("columnSince"), phone: "hidden", cell: ({ since }) => <span className="text-muted">{formatDate(since, locale, store.timeZone)}</span> },
    {
      key: "seen",
      head: t("columnSeen"),
      phone: "line",
      cell: ({ seen }) => (
        <span className="text-muted">
          <span className="md:hidden">{t("seenLine", { seen: t(`seen.${seen}`) })}</span>
          <span className="max-md:hidden">{t(`seen.${seen}`)}</span>
        </span>
      ),
    },
    { key: "state", head: t("columnState"), phone: "hidden", cell: (member) => <MemberState member={member} words={{ atTill: t("atTill"), pinLocked: t("pinLocked"), active: t("active") }} /> },
    {
      key: "actions",
      head: <span className="sr-only">{t("columnActions")}</span>,
      phone: "amount",
      align: "right",
      cell: (member) => {
        const acts = actsOver(member, role);
        if (!acts) return null;
        return (
          <span className="inline-flex">
            <ManageMember storeId={store.id} userId={member.userId} name={nameOf(member)} line={t("manageLead", { role: names(member.role), since: formatDate(member.since, locale, store.timeZone) })} acts={acts} />
          </span>
        );
      },
    },
  ];
  return <Table caption={t("title")} columns={columns} rows={members} rowKey={({ userId }) => userId} />;
}

function MemberState({ member, words }: { member: Member; words: { atTill: string; pinLocked: string; active: string } }) {
  if (member.pin === "locked")
    return (
      <Chip tone="caution" icon={<Icon of={LockKeyhole} size="chip" />}>
        {words.pinLocked}
      </Chip>
    );
  return <Chip tone="positive">{member.isAtTill ? words.atTill : words.active}</Chip>;
}

/** By the permission table; null when there is nothing that the reader may do. */
function actsOver({ role, isYou, pin }: Member, own: Role): MemberActs | null {
  if (isYou) return null;
  const mayChange = role !== "owner" && can(own, rightOver(role));
  const acts: MemberActs = {
    newRole: role !== "owner" && can(own, "team.manage_admins") ? (role === "admin" ? "staff" : "admin") : null,
    unlocksPin: pin === "locked" && mayChange,
    handsOver: can(own, "ownership.transfer"),
    removes: mayChange,
  };
  return acts.newRole || acts.unlocksPin || acts.handsOver || acts.removes ? acts : null;
}

async function Invitations({ invitations, role, storeId }: { invitations: readonly WaitingInvitation[]; role: Role; storeId: string }) {
  const [t, names] = await Promise.all([getTranslations("team"), getTranslations("store.roles")]);
  const now = Date.now();
  return (
    <Card aria-labelledby="invitations" className="mt-5">
      <h2 id="invitations">{t("invitationsTitle")}</h2>
      <ul className="mt-2 divide-y divide-line">
        {invitations.map(({ id, phoneShown, role: invited, inviterName, expiresAt, isExpired }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <span className="min-w-0 flex-1 basis-56">
              <b className="block font-semibold leading-5">{phoneShown}</b>
              <span className="block text-small text-muted">{t("invitationLine", { role: names(invited), inviter: inviterName ?? t("somebody") })}</span>
            </span>
            <Chip tone={isExpired ? "neutral" : "caution"} icon={<Icon of={Clock} size="chip" />}>
              {isExpired ? t("invitationExpired") : t("invitationLeft", { days: Math.floor((expiresAt.getTime() - now) / DAY_MS) })}
            </Chip>
            {can(role, rightOver(invited)) ? <InvitationActions storeId={storeId} invitationId={id} phone={phoneShown} /> : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The permission table itself, in words. */
async function RoleTable() {
  const [t, names] = await Promise.all([getTranslations("team"), getTranslations("store.roles")]);
  return (
    <Card aria-labelledby="may" className="mt-5">
      <h2 id="may">{t("mayTitle")}</h2>
      <table className="mt-3 w-full border-collapse text-[.9375rem]">
        <caption className="sr-only">{t("mayTitle")}</caption>
        <thead>
          <tr>
            <th scope="col" className="border-b border-line py-2 pr-2 text-left text-caption font-semibold text-muted">
              {t("mayAction")}
            </th>
            {ROLES.map((role) => (
              <th key={role} scope="col" className="border-b border-line px-1 py-2 text-center text-caption font-semibold text-muted sm:w-28">
                {names(role)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SHOWN_PERMISSIONS.map((permission) => (
            <tr key={permission} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-2.5 pr-2 text-left font-normal">
                {t(`can.${wordsKey(permission)}`)}
              </th>
              {ROLES.map((role) => (
                <td key={role} className="px-1 py-2.5 text-center">
                  <span className={can(role, permission) ? "text-positive" : "text-muted"}>
                    <Icon of={can(role, permission) ? Check : Minus} className="mx-auto" />
                    <span className="sr-only">{t(can(role, permission) ? "yes" : "no")}</span>
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
