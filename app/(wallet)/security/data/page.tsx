import { Trash2 } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getMyData, type ConsentLine } from "@/lib/privacy/queries";
import { SecurityPage } from "../security-page";
import { setNameHiddenAction, setProductMessagesAction } from "./actions";
import { ExportForm } from "./export-form";
import { Toggle } from "./toggle";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("privacy"))("title"), robots: { index: false } };
}

const TEXTS = { terms: paths.terms(), privacy: paths.privacyPolicy(), product_messages: null } as const;

/** What we know, what was agreed to, who sees the name, and the way out. */
export default async function MyDataPage() {
  const actor = await requireActor();
  const [t, locale, { consents, isNameHidden }] = await Promise.all([getTranslations("privacy"), getLocale(), getMyData(actor)]);
  const lineOf = ({ isGiven, version, at }: ConsentLine) => t(isGiven ? "consentGiven" : "consentWithdrawn", { version, when: formatDateTime(at, locale) });
  const wantsNews = consents.some(({ purpose, isGiven }) => purpose === "product_messages" && isGiven);
  return (
    <SecurityPage title={t("title")}>
      <Card aria-labelledby="export">
        <h2 id="export">{t("exportTitle")}</h2>
        <p className="mt-1 text-muted">{t("exportText")}</p>
        <AreaMessages areas={["privacy"]}>
          <ExportForm />
        </AreaMessages>
      </Card>
      <Card aria-labelledby="name">
        <h2 id="name">{t("nameTitle")}</h2>
        <p className="mt-1 mb-2 text-muted">{t("hideNameText")}</p>
        <Toggle label={t("hideName")} isOn={isNameHidden} action={setNameHiddenAction} />
      </Card>
      <Card aria-labelledby="consents">
        <h2 id="consents">{t("consentsTitle")}</h2>
        {consents.length === 0 ? <p className="mt-1 mb-3 text-muted">{t("consentsEmpty")}</p> : null}
        {/* A list without items is none for screen readers. */}
        <ul className="mt-2 mb-3 grid gap-3 empty:hidden">
          {consents.map((line) => {
            const href = TEXTS[line.purpose];
            return (
              <li key={line.purpose}>
                {href ? (
                  <Link href={href} className="font-semibold text-brand-ink underline underline-offset-3">
                    {t(`purposes.${line.purpose}`)}
                  </Link>
                ) : (
                  <b className="font-semibold">{t(`purposes.${line.purpose}`)}</b>
                )}
                <span className="block text-small text-muted">{lineOf(line)}</span>
              </li>
            );
          })}
        </ul>
        <Toggle label={t("productMessages")} isOn={wantsNews} action={setProductMessagesAction} />
      </Card>
      <RowList>
        <Row
          leading={
            <RowIcon ground="danger">
              <Icon of={Trash2} />
            </RowIcon>
          }
          title={t("deleteTitle")}
          line={t("deleteText")}
          href={paths.deleteAccount()}
        />
      </RowList>
    </SecurityPage>
  );
}
