import { DoorOpen } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/message-page";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("privacy"))("deletedTitle"), robots: { index: false } };
}

/** Where a deletion ends. */
export default async function AccountDeletedPage() {
  const [t, common] = await Promise.all([getTranslations("privacy"), getTranslations("common")]);
  return <MessagePage icon={<Icon of={DoorOpen} size="large" />} title={t("deletedTitle")} text={t("deletedText")} actions={<LinkButton href={paths.home()}>{common("home")}</LinkButton>} />;
}
