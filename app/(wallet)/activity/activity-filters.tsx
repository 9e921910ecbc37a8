import clsx from "clsx";
import { ChevronDown, SlidersHorizontal } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Select } from "@/components/ui/select";
import { ACTIVITY_TYPES, queryOf, type ActivityFilter } from "@/lib/activity/rules";
import { paths } from "@/lib/paths";

/** Kinds as links and the rest as a plain form, so that it works by keyboard and before scripts; each keeps what the other chose. */
export function ActivityFilters({ filter, stores }: { filter: ActivityFilter; stores: { id: string; name: string }[] }) {
  const t = useTranslations("activity");
  const { type, storeId, from, to, code } = filter;
  const count = [storeId, from, to, code].filter((value) => value !== null).length;
  return (
    <div className="mb-4 grid gap-3">
      <nav aria-label={t("filterTypes")} className="flex gap-2 overflow-x-auto px-5 py-1 lg:flex-wrap">
        {[null, ...ACTIVITY_TYPES].map((choice) => (
          <Link
            key={choice ?? "all"}
            href={paths.activity(queryOf({ ...filter, type: choice }))}
            aria-current={choice === type ? "true" : undefined}
            className={clsx(
              "grid min-h-11 flex-none place-items-center rounded-[13px] px-4 text-label no-underline",
              choice === type ? "bg-brand-soft text-brand-ink shadow-[inset_0_0_0_2px_var(--color-brand-ink)]" : "bg-card text-ink shadow-[inset_0_0_0_1.5px_var(--color-line)]",
            )}
          >
            {choice === null ? t("all") : t(`type.${choice}`)}
          </Link>
        ))}
      </nav>
      <details open={count > 0} className="group mx-3 rounded-card bg-card shadow-1">
        <summary className="flex min-h-12 items-center gap-2.5 rounded-card px-4 text-label marker:content-none">
          <Icon of={SlidersHorizontal} size="chip" />
          <span className="flex-1">{count > 0 ? t("filterOn", { count }) : t("filter")}</span>
          <Icon of={ChevronDown} size="chip" className="transition-transform group-open:rotate-180" />
        </summary>
        <form action={paths.activity()} className="grid grid-cols-2 gap-3 px-4 pt-1 pb-4">
          {type ? <input type="hidden" name="type" value={type} /> : null}
          <div className="col-span-2">
            <Field name="q" label={t("code")} hint={t("codeHint")} size="medium" defaultValue={code ?? ""} maxLength={8} autoComplete="off" autoCapitalize="characters" spellCheck={false} />
          </div>
          <div className="col-span-2">
            <Select name="store" label={t("store")} size="medium" defaultValue={storeId ?? ""} options={[{ value: "", label: t("allStores") }, ...stores.map(({ id, name }) => ({ value: id, label: name }))]} />
          </div>
          <Field name="since" type="date" label={t("from")} size="medium" defaultValue={from ?? ""} max="2099-12-31" />
          <Field name="until" type="date" label={t("to")} size="medium" defaultValue={to ?? ""} max="2099-12-31" />
          <div className="col-span-2 flex flex-wrap gap-2">
            <button type="submit" className={buttonStyle({ size: "medium" })}>
              {t("apply")}
            </button>
            {count > 0 || type ? (
              <Link href={paths.activity()} className={buttonStyle({ kind: "quiet", size: "medium" })}>
                {t("clear")}
              </Link>
            ) : null}
          </div>
        </form>
      </details>
    </div>
  );
}
