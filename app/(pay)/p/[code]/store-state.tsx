import { CalendarClock, Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Spinner } from "@/components/ui/spinner";
import { paths } from "@/lib/paths";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";

/** Why a known store cannot be paid now: it opens in a moment (the page changes by itself), or it has closed. */
export function StoreState({ readiness }: { readiness: "preparing" | "opens_soon" | "closed" }) {
  const t = useTranslations("pay");
  const isClosed = readiness === "closed";
  return (
    <section className="grid flex-1 content-center justify-items-center px-6 py-10 text-center" aria-live="polite">
      <span className="grid size-16 place-items-center rounded-[22px] bg-sunk text-muted">
        <Icon of={isClosed ? Lock : CalendarClock} size="large" />
      </span>
      <h2 className="mt-5">{t(isClosed ? "closedTitle" : "openingTitle")}</h2>
      <p className="mt-2 max-w-[36ch] text-muted">{t(isClosed ? "closedText" : "openingText")}</p>
      {isClosed ? (
        <div className="mt-6">
          <LinkButton href={paths.scan()}>{t("scanAgain")}</LinkButton>
        </div>
      ) : (
        <p className="mt-6 text-brand-ink">
          <Spinner />
          <RefreshUntilReady />
        </p>
      )}
    </section>
  );
}
