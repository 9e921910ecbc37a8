import { CalendarDays, Clock, Fingerprint, Gauge, Receipt, ShieldCheck } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { limitsOf } from "@/lib/limits/queries";
import { LIMITS } from "@/lib/limits/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { SecurityPage } from "../security-page";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("limits");
  return { title: t("title"), robots: { index: false } };
}

/** What is left today, the rules behind it, and what raises them. */
export default async function LimitsPage() {
  const actor = await requireActor();
  const [t, locale, limits, rate] = await Promise.all([getTranslations("limits"), getLocale(), limitsOf(actor), currentRate(new Date())]);
  const [least] = limits.day;
  const left = limits.isFrozen ? 0n : limits.leftUsdMicros;
  const until = (at: Date | null) => (at ? formatDateTime(at, locale) : "");
  const raises = [
    ...(limits.newDeviceUntil
      ? [
          { key: "passkey", title: t("raises.passkey"), icon: Fingerprint, line: t("raises.passkeyNow"), href: paths.passkeys() },
          { key: "wait", title: t("raises.wait"), icon: Clock, line: t("raises.waitText", { until: until(limits.newDeviceUntil) }), href: undefined },
        ]
      : []),
    ...(limits.newAccountUntil ? [{ key: "days", title: t("raises.days"), icon: CalendarDays, line: t("raises.daysText", { until: until(limits.newAccountUntil) }), href: undefined }] : []),
    ...(limits.hasSecondFactor || limits.newDeviceUntil ? [] : [{ key: "passkey", title: t("raises.passkey"), icon: Fingerprint, line: t("raises.passkeyLarge"), href: paths.passkeys() }]),
  ] as const;
  return (
    <SecurityPage title={t("title")}>
      <Card aria-labelledby="left">
        <h2 id="left" className="font-sans text-label tracking-normal text-muted">
          {t("left")}
        </h2>
        <div className="mt-1">
          <MoneyDisplay currency="USD" amount={left} size="m" />
        </div>
        <p className="mt-1 text-small text-muted">{t("leftAside", { brl: formatBrl(brlCentavosFromUsd(left, rate.brlPerUsdMicros), locale) })}</p>
        {least ? <p className="mt-2 text-small tabular-nums">{t("used", { spent: formatUsd(least.spentUsdMicros, locale), limit: formatUsd(least.limitUsdMicros, locale) })}</p> : null}
      </Card>
      {limits.isFrozen ? <Note tone="danger">{t("frozen")}</Note> : null}
      <h2 className="mt-2 px-2 font-sans text-label tracking-normal">{t("holding")}</h2>
      <RowList label={t("holding")}>
        {limits.day.map(({ rule, limitUsdMicros }) => (
          <Row
            key={rule}
            leading={
              <RowIcon ground={rule === "day" ? "neutral" : "caution"}>
                <Icon of={Gauge} />
              </RowIcon>
            }
            title={t(`rules.${rule}`)}
            line={t(`why.${rule}`, { until: until(rule === "new_device" ? limits.newDeviceUntil : limits.newAccountUntil), limit: formatUsd(LIMITS.dayUsdMicros, locale) })}
            amount={formatUsd(limitUsdMicros, locale)}
          />
        ))}
        <Row
          leading={
            <RowIcon>
              <Icon of={Receipt} />
            </RowIcon>
          }
          title={t("payment")}
          line={t("paymentWhy")}
          amount={formatUsd(LIMITS.paymentUsdMicros, locale)}
        />
        <Row
          leading={
            <RowIcon>
              <Icon of={ShieldCheck} />
            </RowIcon>
          }
          title={t("large", { amount: formatUsd(LIMITS.largePaymentUsdMicros, locale) })}
          line={t("largeWhy")}
        />
      </RowList>
      <h2 className="mt-2 px-2 font-sans text-label tracking-normal">{t("raise")}</h2>
      {raises.length === 0 ? (
        <Note tone="positive">{t("raises.none")}</Note>
      ) : (
        <RowList label={t("raise")}>
          {raises.map(({ key, title, icon, line, href }) => (
            <Row
              key={key}
              leading={
                <RowIcon ground="brand">
                  <Icon of={icon} />
                </RowIcon>
              }
              title={title}
              line={line}
              href={href}
            />
          ))}
        </RowList>
      )}
    </SecurityPage>
  );
}
