"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "@/components/ui/field";
import type { StoreSettings } from "@/lib/stores/settings";
import { saveLinksAction } from "./actions";
import { SectionForm } from "./section-form";

export function LinksForm({ storeId, version, values }: { storeId: string; version: string; values: StoreSettings["links"] }) {
  const t = useTranslations("settings");
  const [website, setWebsite] = useState(values.website ?? "");
  const [instagram, setInstagram] = useState(values.instagram ?? "");
  return (
    <SectionForm storeId={storeId} version={version} title={t("links")} save={saveLinksAction} fieldOf={{}}>
      {() => (
        <>
          <Field label={t("website")} name="website" type="url" inputMode="url" value={website} onChange={(event) => setWebsite(event.target.value)} maxLength={300} autoComplete="url" hint={t("websiteHint")} />
          <Field label={t("instagram")} name="instagram" value={instagram} onChange={(event) => setInstagram(event.target.value)} maxLength={120} autoComplete="off" autoCapitalize="none" spellCheck={false} hint={t("instagramHint")} />
        </>
      )}
    </SectionForm>
  );
}
