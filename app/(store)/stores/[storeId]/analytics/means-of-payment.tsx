import clsx from "clsx";
import { useLocale, useTranslations } from "next-intl";
import { Money } from "@/components/money";
import { tileOf } from "@/components/tile-art";
import { byMeans, MEANS, permille, type Figures, type Means } from "@/lib/analytics/rules";
import { formatBrl } from "@/lib/money-format";

const TONES: Record<Exclude<Means, "own">, string> = { dollars: "bg-brand", other: "bg-reward", pix: "bg-field", guest: "bg-muted" };

/** How customers paid: one bar in the colours of the parts, and the same as a table that is always there. The store's own rewards have its glaze. */
export function MeansOfPayment({ figures, seed, period }: { figures: Figures; seed: string; period: string }) {
  const t = useTranslations("analytics");
  const locale = useLocale();
  const amounts = byMeans(figures);
  const shown = MEANS.filter((means) => amounts[means] > 0n);
  const share = (means: Means) => permille(amounts[means], figures.grossBrlCentavos);
  if (shown.length === 0) return <p className="text-muted">{t("means.empty")}</p>;
  return (
    <>
      <p className="-mt-3 text-small text-muted">{t("means.of", { amount: formatBrl(figures.grossBrlCentavos, locale) })}</p>
      <div aria-hidden="true" className="mt-4 flex h-5 gap-[3px]">
        {shown.map((means) => (
          <i key={means} className={clsx("block min-w-1.5 rounded-[4px] ring-1 ring-on-deep/14 first:rounded-l-[7px] last:rounded-r-[7px]", toneOf(means))} style={{ flexGrow: share(means) || 1, backgroundColor: glazeOf(means, seed) }} />
        ))}
      </div>
      <table className="mt-2 w-full border-collapse text-[.9375rem]/[1.3125rem]">
        <caption className="sr-only">{t("means.caption", { period })}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{t("means.title")}</th>
            <th scope="col">{t("gross")}</th>
            <th scope="col">{t("means.share")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((means) => (
            <tr key={means} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-2.5 pr-3 text-left font-normal">
                <span className="flex items-center gap-2">
                  <i aria-hidden="true" className={clsx("block size-3 flex-none rounded-[4px] ring-1 ring-on-deep/14", toneOf(means))} style={{ backgroundColor: glazeOf(means, seed) }} />
                  {t(`means.kinds.${means}`)}
                </span>
              </th>
              <td className="py-2.5 text-right font-semibold whitespace-nowrap tabular-nums">
                <Money currency="BRL" amount={amounts[means]} />
              </td>
              <td className="w-14 py-2.5 pl-2 text-right whitespace-nowrap text-muted tabular-nums">{new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share(means) / 1_000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const toneOf = (means: Means): string | null => (means === "own" ? null : TONES[means]);

/** A cobalt store would look like dollars: it lends its lighter glaze. */
function glazeOf(means: Means, seed: string): string | undefined {
  if (means !== "own") return undefined;
  const { glaze } = tileOf(seed);
  return glaze.key === "cobalto" ? glaze.tint : glaze.main;
}
