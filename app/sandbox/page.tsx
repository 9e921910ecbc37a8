import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { RefreshEvery } from "@/components/refresh-every";
import { Card } from "@/components/ui/card";
import { chainName } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { isSandboxOn } from "@/lib/sandbox/is-sandbox-on";
import { listSandboxMessages, listSandboxPeople } from "@/lib/sandbox/queries";
import { GiveForm } from "./give-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("sandbox.details");
  return { title: t("title"), robots: { index: false } };
}

/** What the sandboxes "sent", and test dollars. It does not exist in production. */
export default async function SandboxPage() {
  if (!isSandboxOn()) notFound();
  const [t, format, messages, people] = await Promise.all([getTranslations("sandbox.details"), getFormatter(), listSandboxMessages(), listSandboxPeople()]);
  const { AVENIA_BASE_URL, TOPUP_PROVIDER } = env();
  const bankUrl = TOPUP_PROVIDER === "sandbox" && AVENIA_BASE_URL ? `${AVENIA_BASE_URL}/__sandbox/` : null;
  const chains = env().CHAIN_IDS.map((chainId) => ({ value: chainId, label: chainName(chainId) }));
  return (
    <main id="content" className="mx-auto grid w-full max-w-5xl gap-5 px-4 py-6 md:grid-cols-[minmax(0,5fr)_minmax(0,7fr)] md:px-8 md:py-10">
      <RefreshEvery ms={2_000} />
      <header className="md:col-span-2">
        <h1 className="text-[2rem]/[2.375rem]">{t("title")}</h1>
        <p className="mt-1.5 text-muted">{t("lead")}</p>
      </header>
      <Card aria-labelledby="give-title" className="self-start">
        <h2 id="give-title">
          {t("giveTitle")}
        </h2>
        <p className="mt-1 text-small text-muted">{t("giveLead")}</p>
        <AreaMessages areas={["sandbox"]}>
          <GiveForm people={people} chains={chains} />
        </AreaMessages>
        {bankUrl ? (
          <p className="mt-4 border-t border-line pt-4 text-small text-muted">
            {t("bankLead")}{" "}
            <a href={bankUrl} target="_blank" rel="noreferrer" className="font-semibold text-brand-ink underline underline-offset-3">
              {t("bank")}
            </a>
          </p>
        ) : null}
      </Card>
      <Card aria-labelledby="messages-title" className="self-start">
        <h2 id="messages-title">
          {t("messagesTitle")}
        </h2>
        {messages.length === 0 ? <p className="mt-2 text-muted">{t("messagesEmpty")}</p> : null}
        <ol className="mt-2 divide-y divide-line">
          {messages.map(({ id, to, body, createdAt, code }) => (
            <li key={id} className="py-3.5">
              <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                <strong className="tabular-nums">{to}</strong>
                <time dateTime={createdAt.toISOString()} className="text-small text-muted tabular-nums">
                  {format.dateTime(createdAt, { dateStyle: "short", timeStyle: "medium" })}
                </time>
              </p>
              <p className="mt-1 text-small break-words whitespace-pre-line text-muted">{body}</p>
              {code ? <p className="mt-1 font-semibold tabular-nums">{t("code", { code })}</p> : null}
            </li>
          ))}
        </ol>
      </Card>
    </main>
  );
}
