import { FileDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";
import { paths } from "@/lib/paths";

/** The list as a file, with the filter that it has now. Plain links: the router must not fetch a file ahead. */
export function ActivityFile({ query }: { query: Record<string, string> }) {
  const t = useTranslations("activity");
  return (
    <section aria-labelledby="file" className="mx-3 mt-5 rounded-card bg-card px-4 py-4 shadow-1 print:hidden">
      <h2 id="file" className="text-body font-semibold">
        {t("export")}
      </h2>
      <p className="mt-1 mb-3 text-small text-muted">{t("exportText")}</p>
      <div className="grid gap-2 lg:grid-cols-2">
        {(["pt-BR", "international"] as const).map((format) => (
          <a key={format} href={paths.activityExport(format, query)} download className={buttonStyle({ kind: "outline", size: "medium", isWide: true })}>
            <Icon of={FileDown} size="chip" />
            {t(format === "pt-BR" ? "exportBr" : "exportInternational")}
          </a>
        ))}
      </div>
    </section>
  );
}
