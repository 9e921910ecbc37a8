import { Fingerprint, Repeat2, ShieldCheck, Zap, type LucideIcon } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { BrandTile } from "@/components/tile";
import { Icon } from "@/components/ui/icon";
import { listPasskeys } from "@/lib/auth/passkeys/queries";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { ActivateButton } from "./activate-button";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("passkeys.offer");
  return { title: t("title"), robots: { index: false } };
}

/** The offer after the first payment: one touch now, or later in Security. */
export default async function PasskeyOfferPage() {
  const actor = await requireActor();
  if ((await listPasskeys(actor)).length > 0) redirect(paths.passkeys());
  const t = await getTranslations("passkeys.offer");
  const reasons: [LucideIcon, string][] = [
    [Zap, t("fast")],
    [ShieldCheck, t("yours")],
    [Repeat2, t("safe")],
  ];
  return (
    <PayShell>
      <main id="content" className="safe-bottom flex flex-1 flex-col px-5">
        <Link href={paths.home()} className="-mr-2 flex min-h-13 items-center self-end px-2 text-button text-brand-ink no-underline">
          {t("later")}
        </Link>
        <div className="mt-6 self-center">
          <BrandTile>
            <Icon of={Fingerprint} size="large" className="size-16" />
          </BrandTile>
        </div>
        <h1 className="mt-8 max-w-[14ch] text-[2rem]/[2.375rem]">{t("title")}</h1>
        <ul className="mt-4 grid gap-1">
          {reasons.map(([icon, text]) => (
            <li key={text} className="flex min-h-9 items-center gap-3.5">
              <Icon of={icon} className="text-brand-ink" />
              {text}
            </li>
          ))}
        </ul>
        <div className="mt-auto pt-8 pb-4">
          <AreaMessages areas={["passkeys"]}>
            <ActivateButton />
          </AreaMessages>
        </div>
      </main>
    </PayShell>
  );
}
