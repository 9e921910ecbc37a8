"use client";

import { Plus, X } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { Switch } from "@/components/ui/switch";
import { clockOf, SPANS_A_DAY_MAX, WEEK_DAYS, type OpeningHours, type TypedSpan } from "@/lib/hours/rules";
import { saveHoursAction } from "./actions";
import { SectionForm } from "./section-form";

const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;
const USUAL: TypedSpan = { opens: "09:00", closes: "18:00" };
const MONDAY = 1;
const WORKING_DAYS = [2, 3, 4, 5];

const typedOf = (hours: OpeningHours | null): TypedSpan[][] => WEEK_DAYS.map((day) => (hours?.[day] ?? []).map(([opens, closes]) => ({ opens: clockOf(opens), closes: clockOf(closes) })));

/** A week from Monday: each day closed or with some spans. It is sent as one text, because a form has no lists. */
export function HoursForm({ storeId, version, hours }: { storeId: string; version: string; hours: OpeningHours | null }) {
  const t = useTranslations("settings");
  const locale = useLocale();
  const [week, setWeek] = useState(() => typedOf(hours));
  const name = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  const change = (day: number, spans: TypedSpan[]) => setWeek((present) => present.map((old, index) => (index === day ? spans : old)));
  const changeSpan = (day: number, at: number, span: TypedSpan) => change(day, (week[day] ?? []).map((old, index) => (index === at ? span : old)));
  return (
    <SectionForm storeId={storeId} version={version} title={t("hours")} lead={t("hoursText")} save={saveHoursAction} fieldOf={{}}>
      {() => (
        <>
          <input type="hidden" name="week" value={JSON.stringify(week)} />
          <div className="grid divide-y divide-line">
            {[...WEEK_DAYS.slice(1), 0].map((day) => {
              const spans = week[day] ?? [];
              const label = name.format(new Date(SUNDAY + day * DAY_MS));
              return (
                <div key={day} role="group" aria-label={label} className="grid gap-2 py-3">
                  <Switch label={label} isOn={spans.length > 0} onChange={(isOn) => change(day, isOn ? [USUAL] : [])} />
                  {spans.map((span, index) => (
                    // Spans have no name of their own but their place.
                    // oxlint-disable-next-line react/no-array-index-key
                    <div key={index} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_44px] items-center gap-2">
                      <Field type="time" label={t("opens", { day: label })} isLabelHidden size="medium" value={span.opens} onChange={(event) => changeSpan(day, index, { ...span, opens: event.target.value })} />
                      <Field type="time" label={t("closes", { day: label })} isLabelHidden size="medium" value={span.closes} onChange={(event) => changeSpan(day, index, { ...span, closes: event.target.value })} />
                      <IconButton aria-label={t("removeSpan", { day: label })} onClick={() => change(day, spans.filter((_, at) => at !== index))}>
                        <Icon of={X} />
                      </IconButton>
                    </div>
                  ))}
                  {spans.length > 0 && spans.length < SPANS_A_DAY_MAX ? (
                    <div>
                      <Button kind="quiet" size="medium" icon={<Icon of={Plus} />} onClick={() => change(day, [...spans, { opens: "", closes: "" }])}>
                        {t("addSpan")}
                      </Button>
                    </div>
                  ) : null}
                </div>
              );
            })}
          </div>
          {(week[MONDAY] ?? []).length > 0 ? (
            <div>
              <Button kind="soft" size="medium" onClick={() => setWeek((present) => present.map((old, day) => (WORKING_DAYS.includes(day) ? (present[MONDAY] ?? []) : old)))}>
                {t("copyDay")}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </SectionForm>
  );
}
