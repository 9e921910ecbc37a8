import { useLocale, useTranslations } from "next-intl";
import type { ChargeLine } from "@/lib/charges/rules";
import { formatBrl } from "@/lib/money-format";

/** What was sold, line by line; they add up to the charge. */
export function ChargeLines({ lines }: { lines: readonly ChargeLine[] }) {
  const t = useTranslations("charges");
  const locale = useLocale();
  if (lines.length === 0) return null;
  return (
    <ul aria-label={t("lines")} className="grid rounded-card bg-card px-4.5 py-2 shadow-1">
      {lines.map((line) => (
        <li key={line.itemId ?? "typed"} className="flex justify-between gap-4 border-b border-line py-2.5 text-label last:border-0">
          <span className="min-w-0 font-normal break-words">{line.itemId === null ? t("typedLine") : line.quantity > 1 ? t("quantityOf", { quantity: String(line.quantity), name: line.name }) : line.name}</span>
          <span className="flex-none tabular-nums">{formatBrl(BigInt(line.quantity) * BigInt(line.unitBrlCentavos), locale)}</span>
        </li>
      ))}
    </ul>
  );
}
