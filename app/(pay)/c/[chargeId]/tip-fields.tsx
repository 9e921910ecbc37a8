import { useLocale, useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { TIP_CHOICES, tipOfPercent, type TipChoice } from "@/lib/charges/rules";
import { DomainError } from "@/lib/errors";
import { centsFromTyped, type Currency } from "@/lib/money";
import { formatCents } from "@/lib/money-format";

/** A chosen tip in cents of the charge's currency; null while what is typed is no amount. */
export function tipCents(cents: bigint, tip: TipChoice, tipText: string): bigint | null {
  if (tip !== "other") return tipOfPercent(cents, Number(tip));
  try {
    return tipText.trim() === "" ? 0n : centsFromTyped(tipText);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** None, three percentages and a free amount: real radio buttons, and the field of the last shows by style alone, so that both work without a script. */
export function TipFields({ cents, currency, tip, tipText, onTip, onText }: {
  cents: bigint; currency: Currency; tip: TipChoice; tipText: string; onTip: (tip: TipChoice) => void; onText: (text: string) => void;
}) {
  const t = useTranslations("charges.tip");
  const locale = useLocale();
  return (
    <fieldset className="group min-w-0">
      <legend className="text-label">{t("legend")}</legend>
      <div className="mt-2 grid grid-cols-3 gap-2 min-[420px]:grid-cols-5">
        {TIP_CHOICES.map((choice) => (
          <label
            key={choice}
            className="relative grid min-h-14 content-center justify-items-center rounded-control bg-card px-1 text-center text-label text-ink shadow-[inset_0_0_0_1.5px_var(--color-field)] has-checked:bg-brand-soft has-checked:text-brand-ink has-checked:shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input type="radio" name="tip" value={choice} checked={tip === choice} onChange={() => onTip(choice)} className="absolute inset-0 cursor-pointer opacity-0" />
            <span className="font-semibold">{choice === "0" ? t("none") : choice === "other" ? t("other") : t("percent", { percent: choice })}</span>
            {choice === "0" || choice === "other" ? null : <span className="text-caption text-muted tabular-nums">{formatCents(tipOfPercent(cents, Number(choice)), currency, locale)}</span>}
          </label>
        ))}
      </div>
      <div className="mt-3 hidden group-has-[[value=other]:checked]:block">
        <Field label={t("amount")} hint={t("amountHint")} name="tipAmount" value={tipText} onChange={(event) => onText(event.target.value)} inputMode="decimal" autoComplete="off" maxLength={20} />
      </div>
    </fieldset>
  );
}
