"use client";

import { useLocale, useTranslations } from "next-intl";
import { useRef, useState, useTransition } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { RowList } from "@/components/ui/row";
import type { Locale } from "@/lib/i18n/locale";
import { dayKey } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";
import { ActivityRow } from "../activity-row";
import { olderActivityAction } from "./actions";

const DAY_MS = 86_400_000;

/** Rows by day. "Ver mais antigos" appends the next page; before the page wakes up it is a plain form that opens it. */
export function ActivityList({ newest, next, query, now }: { newest: PaymentView[]; next: string | null; /** The filter as fields, kept while paging. */ query: Record<string, string>; now: Date }) {
  const t = useTranslations("wallet");
  const locale = useLocale();
  const errorText = useErrorText();
  const [older, setOlder] = useState<{ items: PaymentView[]; next: string | null }>({ items: [], next });
  const [problem, setProblem] = useState<string>();
  const [isLoading, startLoading] = useTransition();
  const end = useRef<HTMLParagraphElement>(null);
  const days = groupByDay([...newest, ...older.items]);

  const load = (before: string) =>
    startLoading(async () => {
      const form = new FormData();
      for (const [field, value] of Object.entries({ ...query, before })) form.set(field, value);
      const answer = await olderActivityAction(null, form).catch(() => null);
      if (!answer?.ok) return setProblem(errorText(answer?.code ?? "unavailable", answer?.details));
      setProblem(undefined);
      setOlder((current) => ({ items: [...current.items, ...answer.value.items], next: answer.value.next }));
      if (answer.value.next === null) end.current?.focus();
    });

  return (
    <div className="px-3">
      {days.map(({ key, at, items }) => (
        <section key={key} aria-labelledby={`day-${key}`} className="mb-4">
          <h2 id={`day-${key}`} className="px-2 pb-2 font-sans text-small font-semibold tracking-normal text-muted">
            {dayTitle(at, now, locale, (word, date) => t(word, { date }))}
          </h2>
          <RowList>
            {items.map((payment) => (
              <ActivityRow key={payment.id} payment={payment} />
            ))}
          </RowList>
        </section>
      ))}
      {older.next ? (
        <form
          action={paths.activity()}
          onSubmit={(event) => {
            event.preventDefault();
            if (older.next) load(older.next);
          }}
          className="grid gap-2 px-2"
        >
          {Object.entries({ ...query, before: older.next }).map(([field, value]) => (
            <input key={field} type="hidden" name={field} value={value} />
          ))}
          <FieldError error={problem} />
          <Button type="submit" kind="soft" size="medium" isWide busy={isLoading && t("loadMore")}>
            {t("loadMore")}
          </Button>
        </form>
      ) : null}
      <p ref={end} tabIndex={-1} className="mt-2 text-center text-small text-muted outline-none">
        {older.next === null && days.length > 0 ? t("endOfList") : null}
      </p>
    </div>
  );
}

function groupByDay(items: PaymentView[]): { key: string; at: Date; items: PaymentView[] }[] {
  const days: { key: string; at: Date; items: PaymentView[] }[] = [];
  for (const item of items) {
    const key = dayKey(item.createdAt);
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, at: item.createdAt, items: [item] });
  }
  return days;
}

/** "Hoje, 22 de novembro", "Sexta-feira, 20 de novembro", and the year when it is another one. */
function dayTitle(at: Date, now: Date, locale: Locale, named: (word: "today" | "yesterday", date: string) => string): string {
  const zone = "America/Sao_Paulo";
  const isThisYear = dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4);
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: zone, ...(isThisYear ? {} : { year: "numeric" }) }).format(at);
  if (dayKey(at) === dayKey(now)) return named("today", date);
  if (dayKey(at) === dayKey(new Date(now.getTime() - DAY_MS))) return named("yesterday", date);
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: zone }).format(at);
  return `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)}, ${date}`;
}
