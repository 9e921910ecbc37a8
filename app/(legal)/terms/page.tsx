import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CONSENT_VERSIONS } from "@/lib/privacy/rules";
import { LegalPage, LegalPart } from "../legal-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("privacy"))("terms.title") };
}

const PARTS = ["what", "account", "money", "payments", "rewards", "stores", "end"] as const;

export default async function TermsPage() {
  const t = await getTranslations("privacy");
  return (
    <LegalPage title={t("terms.title")} version={t("version", { version: CONSENT_VERSIONS.terms })}>
      {PARTS.map((part) => (
        <LegalPart key={part} title={t(`terms.${part}Title`)}>
          {t(`terms.${part}`)}
        </LegalPart>
      ))}
    </LegalPage>
  );
}
