import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { env } from "@/lib/env";
import { paths } from "@/lib/paths";
import { normaliseShortCode } from "@/lib/payments/payable-store";
import { Scanner } from "./scanner";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallet");
  return { title: t("scanTitle") };
}

/** The scanner, for people and strangers. `code` is the typed code of a browser without scripts. */
export default async function ScanPage({ searchParams }: PageProps<"/scan">) {
  const { code } = await searchParams;
  if (typeof code === "string" && code.trim() !== "") redirect(paths.pay(encodeURIComponent(normaliseShortCode(code.slice(0, 40)))));
  return (
    <AreaMessages areas={["wallet"]}>
      <Scanner appOrigin={env().APP_URL} />
    </AreaMessages>
  );
}
