import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CONSENT_VERSIONS, LAW_KEEPS_YEARS } from "@/lib/privacy/rules";
import { LegalPage, LegalPart } from "../legal-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("privacy"))("policy.title") };
}

const PARTS = ["collect", "why", "who", "public", "keep", "rights"] as const;

export default async function PrivacyPolicyPage() {
  const t = await getTranslations("privacy");
  return (
    <LegalPage title={t("policy.title")} version={t("version", { version: CONSENT_VERSIONS.privacy })}>
      {PARTS.map((part) => (
        <LegalPart key={part} title={t(`policy.${part}Title`)}>
          {t(`policy.${part}`, { years: String(LAW_KEEPS_YEARS) })}
        </LegalPart>
      ))}
    </LegalPage>
  );
}
