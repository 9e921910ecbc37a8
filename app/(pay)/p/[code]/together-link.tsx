import { Layers } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";

/** The balance reaches, but not in one place: the way to bring it together, which leads back here afterwards. */
export function TogetherLink({ next }: { next: Route }) {
  const t = useTranslations("pay");
  return (
    <Note tone="info" icon={<Icon of={Layers} />}>
      {t("apart")}{" "}
      <Link href={paths.together(next)} className="font-semibold text-brand-ink underline underline-offset-3">
        {t("bringTogether")}
      </Link>
    </Note>
  );
}
