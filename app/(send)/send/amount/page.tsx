import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { findPayee } from "@/lib/transfers/payee";
import { openChoice } from "@/lib/transfers/quote";
import { TransferAmountForm } from "../../amount-form";
import { PayeeHead } from "../../payee-head";
import { quoteSendAction } from "../actions";
import { readAmounts } from "../read-amounts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("transfers"))("sendTitle"), robots: { index: false } };
}

/** How much, for the phone or the address that was chosen. */
export default async function SendAmountPage({ searchParams }: PageProps<"/send/amount">) {
  const [{ to: choice, plain }, actor, t] = await Promise.all([searchParams, requireActor(), getTranslations("transfers")]);
  const chosen = await readChoice(actor, typeof choice === "string" ? choice : "");
  if (!chosen) redirect(paths.send());
  const amounts = await readAmounts(actor);
  return (
    <PayShell>
      <PageHeader title={t("sendTitle")} backHref={chosen.kind === "phone" ? paths.sendToPhone() : paths.sendToAddress()} />
      <main id="content" className="flex flex-1 flex-col pt-2">
        <PayeeHead payee={chosen} />
        {chosen.kind === "address" ? (
          <div className="grid gap-2 px-5 pt-2">
            <p className="text-center text-small break-all text-muted">{chosen.shown}</p>
            {plain === "1" ? <Note tone="caution">{t("details.unchecked")}</Note> : null}
          </div>
        ) : null}
        <AreaMessages areas={["pay", "limits", "transfers"]}>
          <TransferAmountForm {...amounts} hidden={{ choice: typeof choice === "string" ? choice : "" }} action={quoteSendAction} kept={null} labels={{ note: t("noteLabel"), submit: t("continue"), busy: t("checking") }} />
        </AreaMessages>
      </main>
    </PayShell>
  );
}

/** Null for a text that is not this person's own choice, or leads to themselves by now. */
async function readChoice(actor: { userId: string }, text: string) {
  try {
    return await findPayee(actor, openChoice(text, actor.userId));
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
