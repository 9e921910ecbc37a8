import { ChevronDown, SlidersHorizontal } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { SegmentLinks } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { paths } from "@/lib/paths";
import { amountTextOf, SALE_STATES, saleQueryOf, type SaleFilter } from "@/lib/sales/rules";

/** States as links and the rest as a plain form, so that it works by keyboard and before scripts; each keeps what the other chose. */
export function SaleFilters({ storeId, filter, sellers }: { storeId: string; filter: SaleFilter; sellers: { id: string; name: string }[] }) {
  const t = useTranslations("refunds.list");
  const { state, memberId, from, to, amountBrlCentavos, code } = filter;
  const count = [memberId, from, to, amountBrlCentavos, code].filter((value) => value !== null).length;
  return (
    <div className="mt-5 grid gap-3">
      <div>
        <SegmentLinks label={t("states")} current={state} segments={SALE_STATES.map((value) => ({ value, label: t(`state.${value}`), href: paths.storePayments(storeId, saleQueryOf({ ...filter, state: value })) }))} />
      </div>
      <details open={count > 0} className="group rounded-card bg-card shadow-1">
        <summary className="flex min-h-12 items-center gap-2.5 rounded-card px-4 text-label marker:content-none">
          <Icon of={SlidersHorizontal} size="chip" />
          <span className="flex-1">{count > 0 ? t("filterOn", { count }) : t("filter")}</span>
          <Icon of={ChevronDown} size="chip" className="transition-transform group-open:rotate-180" />
        </summary>
        <form action={paths.storePayments(storeId)} className="grid grid-cols-2 gap-3 px-4 pt-1 pb-4 lg:grid-cols-5">
          {state === "all" ? null : <input type="hidden" name="state" value={state} />}
          <div className="max-lg:col-span-2">
            <Field name="q" label={t("code")} hint={t("codeHint")} size="medium" defaultValue={code ?? ""} maxLength={8} autoComplete="off" autoCapitalize="characters" spellCheck={false} />
          </div>
          <Field name="amount" label={t("amount")} size="medium" inputMode="decimal" defaultValue={amountBrlCentavos === null ? "" : amountTextOf(amountBrlCentavos)} maxLength={13} autoComplete="off" />
          <Select name="member" label={t("member")} size="medium" defaultValue={memberId ?? ""} options={[{ value: "", label: t("everybody") }, ...sellers.map(({ id, name }) => ({ value: id, label: name }))]} />
          <Field name="since" type="date" label={t("from")} size="medium" defaultValue={from ?? ""} max="2099-12-31" />
          <Field name="until" type="date" label={t("to")} size="medium" defaultValue={to ?? ""} max="2099-12-31" />
          <div className="col-span-full flex flex-wrap gap-2">
            <button type="submit" className={buttonStyle({ size: "medium" })}>
              {t("apply")}
            </button>
            {count > 0 || state !== "all" ? (
              <Link href={paths.storePayments(storeId)} className={buttonStyle({ kind: "quiet", size: "medium" })}>
                {t("clear")}
              </Link>
            ) : null}
          </div>
        </form>
      </details>
    </div>
  );
}
