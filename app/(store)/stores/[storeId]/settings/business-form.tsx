"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "@/components/ui/field";
import { Segments } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { LEGAL_NAME_LENGTH_MAX } from "@/lib/stores/rules";
import type { StoreSettings } from "@/lib/stores/settings";
import { saveBusinessAction } from "./actions";
import { SectionForm } from "./section-form";

/** `refundLimit` is dollars as they are typed; `zones` come from the server, whose list decides. */
export function BusinessForm({ storeId, version, values, refundLimit: limit, zones }: { storeId: string; version: string; values: StoreSettings["business"]; refundLimit: string; zones: readonly string[] }) {
  const t = useTranslations("settings");
  const [timeZone, setTimeZone] = useState(values.timeZone);
  const [tillCurrency, setTillCurrency] = useState<string>(values.tillCurrency);
  const [legalName, setLegalName] = useState(values.legalName ?? "");
  const [cnpj, setCnpj] = useState(values.cnpj ?? "");
  const [refundLimit, setRefundLimit] = useState(limit);
  return (
    <SectionForm
      storeId={storeId}
      version={version}
      title={t("business")}
      save={saveBusinessAction}
      fieldOf={{ time_zone_invalid: "timeZone", cnpj_invalid: "cnpj", text_invalid: "legalName", amount_invalid: "limit", amount_too_large: "limit", amount_negative: "limit", amount_ambiguous: "limit", amount_too_precise: "limit" }}
    >
      {(errorOf) => (
        <>
          <Select label={t("timeZone")} name="timeZone" value={timeZone} onChange={(event) => setTimeZone(event.target.value)} hint={t("timeZoneHint")} error={errorOf("timeZone")} options={(zones.includes(values.timeZone) ? zones : [values.timeZone, ...zones]).map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))} />
          <div className="grid gap-1.5">
            <p className="text-label">{t("tillCurrency")}</p>
            <Segments name="tillCurrency" legend={t("tillCurrency")} value={tillCurrency} onChange={setTillCurrency} segments={[{ value: "BRL", label: t("brl") }, { value: "USD", label: t("usd") }]} />
          </div>
          <Field label={t("legalName")} name="legalName" value={legalName} onChange={(event) => setLegalName(event.target.value)} maxLength={2 * LEGAL_NAME_LENGTH_MAX} autoComplete="off" error={errorOf("legalName")} />
          <Field label={t("cnpj")} name="cnpj" value={cnpj} onChange={(event) => setCnpj(event.target.value.toUpperCase())} maxLength={24} autoComplete="off" spellCheck={false} hint={t("cnpjHint")} error={errorOf("cnpj")} />
          <Field label={t("refundLimit")} name="refundLimit" value={refundLimit} onChange={(event) => setRefundLimit(event.target.value)} inputMode="decimal" maxLength={16} autoComplete="off" hint={t("refundLimitHint")} error={errorOf("limit")} />
        </>
      )}
    </SectionForm>
  );
}
