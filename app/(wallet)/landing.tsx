import { MapPin, ScanLine, Store } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { chooseLocaleAction } from "@/app/preferences/actions";
import { LocaleMenu } from "@/app/preferences/locale-menu";
import { Logo } from "@/components/logo";
import { Tile, BrandPattern } from "@/components/tile";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

/** Three of the looks that shops have; decoration. */
const WALL = ["wall:16", "wall:17", "wall:20", "wall:3"];

/** For strangers: what it is in two sentences, and the ways on. */
export async function Landing() {
  const t = await getTranslations("wallet");
  return (
    <main id="content" className="flex min-h-dvh flex-col bg-surface lg:grid lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]">
      <section className="relative overflow-hidden bg-deep px-5 pt-3 pb-14 text-on-deep lg:flex lg:flex-col lg:p-12">
        <BrandPattern side={84} />
        <header className="relative flex min-h-13 items-center justify-between">
          <Logo isOnDeep />
          <div className="[&_label]:text-on-deep-muted">
            <LocaleMenu action={chooseLocaleAction} />
          </div>
        </header>
        <div className="relative mx-auto mt-10 max-w-[480px] lg:mx-0 lg:my-auto lg:max-w-[560px]">
          <h1 className="text-hero lg:text-money-xl">{t("landingTitle")}</h1>
          <p className="mt-4 max-w-[42ch] text-[1.0625rem]/[1.6875rem] text-on-deep-muted">{t("landingText")}</p>
        </div>
      </section>
      <div className="relative -mt-7 flex flex-1 flex-col rounded-t-[28px] bg-surface px-5 pt-8 pb-8 lg:mt-0 lg:justify-center lg:rounded-none">
        <div className="mx-auto flex w-full max-w-[440px] flex-1 flex-col lg:flex-none">
          <div aria-hidden="true" className="m-auto grid grid-cols-4 gap-2.5 lg:mb-8">
            {WALL.map((seed) => (
              <Tile key={seed} seed={seed} size={64} />
            ))}
          </div>
          <div className="grid gap-2 pt-8">
            <LinkButton href={paths.login()} isWide>
              {t("landingSignIn")}
            </LinkButton>
            <LinkButton href={paths.scan()} kind="soft" isWide icon={<Icon of={ScanLine} />}>
              {t("landingScan")}
            </LinkButton>
            <LinkButton href={paths.explore()} kind="quiet" isWide icon={<Icon of={MapPin} />}>
              {t("landingExplore")}
            </LinkButton>
            <LinkButton href={paths.newStore()} kind="quiet" isWide icon={<Icon of={Store} />}>
              {t("landingOpenStore")}
            </LinkButton>
          </div>
        </div>
      </div>
    </main>
  );
}
