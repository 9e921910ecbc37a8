import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { chooseLocaleAction } from "@/app/preferences/actions";
import { LocaleMenu } from "@/app/preferences/locale-menu";
import { Logo } from "@/components/logo";
import { BrandPattern } from "@/components/tile";
import { paths } from "@/lib/paths";

/** The sign-in pages: logo and language above one column; on a desktop the deep side stands beside it. */
export async function SignInFrame({ children }: { children: ReactNode }) {
  const t = await getTranslations("common");
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <aside aria-label="CocoPay" className="relative hidden overflow-hidden bg-deep p-12 text-on-deep lg:flex lg:flex-col lg:justify-between">
        <BrandPattern side={96} />
        <Logo isOnDeep size="large" />
        <p className="relative max-w-[18ch] font-display text-hero font-[650]">{t("appDescription")}</p>
      </aside>
      <div className="mx-auto flex w-full max-w-[480px] flex-col px-5 lg:justify-center lg:py-12">
        <header className="flex min-h-13 items-center justify-between pt-1">
          <Link href={paths.home()} aria-label={t("home")} className="-mx-1 flex min-h-11 items-center rounded-control px-1 no-underline lg:invisible">
            <Logo />
          </Link>
          <LocaleMenu action={chooseLocaleAction} />
        </header>
        <main id="content" className="flex min-h-0 flex-1 flex-col pb-6 lg:min-h-[560px] lg:flex-none">
          {children}
        </main>
      </div>
    </div>
  );
}
