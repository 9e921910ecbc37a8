import { UserX } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { amountOfQuery } from "@/app/(pay)/kept-amount";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { MessagePage } from "@/components/message-page";
import { PageHeader } from "@/components/page-header";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { personOfCode } from "@/lib/transfers/payee";
import { TransferAmountForm } from "../../amount-form";
import { PayeeHead } from "../../payee-head";
import { quoteSendAction } from "../../send/actions";
import { readAmounts } from "../../send/read-amounts";

const readPerson = cache(async (code: string) =>
  personOfCode(code).catch((error: unknown) => {
    if (error instanceof DomainError) return null;
    throw error;
  }),
);

export async function generateMetadata({ params }: PageProps<"/u/[code]">): Promise<Metadata> {
  const [t, person] = await Promise.all([getTranslations("transfers"), readPerson((await params).code)]);
  const title = !person ? t("unknownTitle") : person.name ? t("personTitle", { name: person.name }) : t("personTitleHidden");
  return { title, robots: { index: false } };
}

/** Where a person's QR and link lead: who it is, and how much. */
export default async function PersonPage({ params, searchParams }: PageProps<"/u/[code]">) {
  const [{ code }, query, actor, t, common] = await Promise.all([params, searchParams, optionalActor(), getTranslations("transfers"), getTranslations("common")]);
  const person = await readPerson(code);
  const isOwn = person !== null && person.userId === actor?.userId;
  if (!person || isOwn) {
    return (
      <MessagePage
        icon={<Icon of={UserX} size="large" />}
        title={t(isOwn ? "ownLinkTitle" : "unknownTitle")}
        text={t(isOwn ? "ownLinkText" : "unknownText")}
        actions={
          <>
            <LinkButton href={isOwn ? paths.receive() : paths.scan()}>{isOwn ? t("toReceive") : t("toQr")}</LinkButton>
            <LinkButton href={paths.home()} kind="quiet">
              {common("home")}
            </LinkButton>
          </>
        }
      />
    );
  }
  const amounts = await readAmounts(actor);
  return (
    <PayShell>
      <PageHeader title={t("sendTitle")} backHref={actor ? paths.send() : paths.home()} />
      <main id="content" className="flex flex-1 flex-col pt-2">
        <PayeeHead payee={{ kind: "person", name: person.name, shown: null }} />
        <AreaMessages areas={["pay", "limits", "transfers"]}>
          <TransferAmountForm
            {...amounts}
            hidden={{ code: person.code }}
            action={quoteSendAction}
            kept={amountOfQuery(query)}
            labels={{ note: t("noteLabel"), submit: t("continue"), busy: t("checking"), ...(actor ? {} : { below: t("signInFirst") }) }}
          />
        </AreaMessages>
      </main>
    </PayShell>
  );
}
