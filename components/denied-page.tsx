import { Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { MissingPetalWall } from "./tile";
import { Chip } from "./ui/chip";
import { Icon } from "./ui/icon";

/**
 * The 403 page: says what only whom may do, names the missing right and who can give it. `title` "Repasses são só para donos", `situation`
 * "Você é equipe no Café da Praia.", `right` "ver repasses", `givers` the names of people who can change it.
 */
export function DeniedPage({ title, situation, right, givers, actions }: { title: string; situation?: ReactNode; right: string; givers: readonly string[]; actions?: ReactNode }) {
  const t = useTranslations("common");
  return (
    <div className="mx-auto grid min-h-[70dvh] max-w-[860px] content-center items-center gap-8 py-8 md:grid-cols-[300px_1fr] md:gap-16">
      <MissingPetalWall>
        <Icon of={Lock} size="large" className="size-10" />
      </MissingPetalWall>
      <div>
        <Chip tone="caution">{t("deniedChip")}</Chip>
        <h1 className="mt-3.5 md:text-[2.5rem]/[2.875rem]">{title}</h1>
        <p className="mt-3 text-[1.0625rem]/[1.6875rem] text-muted">
          {situation} {t.rich("deniedMissing", { right, b: (text) => <b className="text-ink">{text}</b> })} {givers.length > 0 ? t("deniedWho", { names: givers.join(", ") }) : null}
        </p>
        {actions ? <div className="mt-6 flex flex-wrap gap-3">{actions}</div> : null}
      </div>
    </div>
  );
}
