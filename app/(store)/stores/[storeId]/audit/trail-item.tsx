import { useTranslations } from "next-intl";
import type { TrailLine } from "@/lib/audit/store-trail";
import type { Locale } from "@/lib/i18n/locale";
import { usdMicrosFromDecimal } from "@/lib/money";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { CATEGORIES } from "@/lib/stores/rules";
import { ROLES } from "@/lib/team/rules";
import { ACTION_KEYS, FIELD_KEYS, type FieldKey } from "./words";

/** One line of the trail: what was done, by whom and when, and for the settings what was and what is. */
export function TrailItem({ line, timeZone, locale }: { line: TrailLine; timeZone: string; locale: Locale }) {
  const t = useTranslations("audit");
  const words = useTranslations("store");
  const { action, before, after, about, person, member } = line;
  const key = ACTION_KEYS.find((one) => one === action.replaceAll(".", "_"));
  const roleName = (value: unknown) => {
    const role = ROLES.find((one) => one === value);
    return role ? words(`roles.${role}`).toLocaleLowerCase(locale) : t("somebody");
  };
  const text = (...values: unknown[]) => values.find((value): value is string => typeof value === "string" && value !== "") ?? t("somebody");
  const nameOf = (one: TrailLine["person"]) => (one ? (one.name ?? t("removed")) : t("somebody"));
  const amount = amountOf({ ...about, ...before, ...after }, locale);
  const sentence = key
    ? t(`actions.${key}`, {
        section: text(about["section"], "other"),
        code: text(after["shortCode"]),
        codeBefore: text(before["shortCode"]),
        member: nameOf(member),
        phone: text(after["phone"], before["phone"]),
        role: roleName(after["role"] ?? before["role"]),
        roleBefore: roleName(before["role"]),
        name: text(after["name"], before["name"]),
        amount: amount ?? "",
      })
    : t("other");
  const changed = action === "store.settings_changed" ? FIELD_KEYS.filter((field) => field in after) : [];
  const shown = (field: FieldKey, value: unknown): string => {
    if (field === "openingHours" && value) return t("hoursChanged");
    // The settings keep everything else as text.
    if (typeof value !== "string" || value === "") return t("nothing");
    if (field === "refundLimitUsdMicros" && /^\d+$/.test(value)) return formatUsd(BigInt(value), locale);
    const category = field === "category" ? CATEGORIES.find((one) => one === value) : undefined;
    return category ? words(`categories.${category}`) : value;
  };
  return (
    <li className="px-5 py-3.5">
      <p className="font-semibold break-words">{sentence}</p>
      {changed.length > 0 ? (
        <dl className="mt-1 grid gap-0.5 text-small">
          {changed.map((field) => (
            <div key={field} className="flex flex-wrap gap-x-2">
              <dt className="text-muted">{t(`fields.${field}`)}</dt>
              <dd className="min-w-0 break-words">
                {field === "openingHours" ? null : (
                  <>
                    <del className="text-muted">{shown(field, before[field])}</del> <span aria-hidden="true">→</span>{" "}
                  </>
                )}
                <ins className="no-underline">{shown(field, after[field])}</ins>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <p className="mt-1 text-small text-muted tabular-nums">
        {person ? (person.name ?? t("removed")) : t("service")} · {formatDateTime(line.at, locale, timeZone)}
      </p>
    </li>
  );
}

/** In reais where the line has them, else in dollars. */
function amountOf(values: Record<string, unknown>, locale: Locale): string | null {
  const { amount_brl_centavos: centavos, amount_usd: dollars } = values;
  if (typeof centavos === "string" && /^-?\d+$/.test(centavos)) return formatBrl(BigInt(centavos), locale);
  if (typeof dollars === "string" && /^-?\d+(\.\d{1,6})?$/.test(dollars)) return formatUsd(usdMicrosFromDecimal(dollars), locale);
  return null;
}
