import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { chooseLocaleAction } from "@/app/preferences/actions";
import { LocaleMenu } from "@/app/preferences/locale-menu";
import { Logo } from "@/components/logo";
import { paths } from "@/lib/paths";

/** A text for anybody: logo and language above, headings and paragraphs below. */
export async function LegalPage({ title, version, children }: { title: string; version: string; children: ReactNode }) {
  const t = await getTranslations("common");
  return (
    <div className="mx-auto w-full max-w-[720px] px-5 pb-16">
      <header className="flex min-h-13 items-center justify-between pt-1">
        <Link href={paths.home()} aria-label={t("home")} className="-mx-1 flex min-h-11 items-center rounded-control px-1 no-underline">
          <Logo />
        </Link>
        <LocaleMenu action={chooseLocaleAction} />
      </header>
      <main id="content" className="mt-6">
        <h1>{title}</h1>
        <p className="mt-2 text-small text-muted">{version}</p>
        <div className="mt-6 grid gap-6">{children}</div>
      </main>
    </div>
  );
}

export function LegalPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="text-heading">{title}</h2>
      <p className="mt-1 max-w-[62ch] text-muted">{children}</p>
    </section>
  );
}
