import { ArrowLeft } from "lucide-react";
import type { Route } from "next";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Icon } from "./ui/icon";
import { IconLink } from "./ui/icon-button";

/** The bar of a page with one way back: 52 px, title in the middle. `backHref` is where back leads, never the browser's history. */
export function PageHeader({ title, backHref, trailing }: { title: ReactNode; backHref?: Route; trailing?: ReactNode }) {
  const t = useTranslations("common");
  return (
    <header className="grid min-h-13 grid-cols-[44px_1fr_44px] items-center gap-1 px-2 pt-1">
      {backHref ? (
        <IconLink href={backHref} aria-label={t("back")}>
          <Icon of={ArrowLeft} size="nav" />
        </IconLink>
      ) : (
        <span />
      )}
      <h1 className="truncate text-center font-sans text-[1.0625rem]/6 font-semibold tracking-normal">{title}</h1>
      <span className="justify-self-end">{trailing}</span>
    </header>
  );
}
