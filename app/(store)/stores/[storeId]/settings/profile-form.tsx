"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field, TextArea } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { CATEGORIES, DESCRIPTION_LENGTH_MAX, REWARD_NOTE_LENGTH_MAX, STORE_NAME_LENGTH_MAX } from "@/lib/stores/rules";
import type { StoreSettings } from "@/lib/stores/settings";
import { saveProfileAction } from "./actions";
import { SectionForm } from "./section-form";

export function ProfileForm({ storeId, version, values }: { storeId: string; version: string; values: StoreSettings["profile"] }) {
  const t = useTranslations("settings");
  const words = useTranslations("store");
  const [name, setName] = useState(values.name);
  const [category, setCategory] = useState(values.category ?? "");
  const [description, setDescription] = useState(values.description ?? "");
  const [rewardNote, setRewardNote] = useState(values.rewardNote ?? "");
  return (
    <SectionForm storeId={storeId} version={version} title={t("profile")} save={saveProfileAction} fieldOf={{ store_name_invalid: "name", category_invalid: "category" }}>
      {(errorOf) => (
        <>
          <Field label={t("name")} name="name" value={name} onChange={(event) => setName(event.target.value)} maxLength={2 * STORE_NAME_LENGTH_MAX} autoComplete="organization" required error={errorOf("name")} />
          <Select label={t("category")} name="category" value={category} onChange={(event) => setCategory(event.target.value)} error={errorOf("category")} options={[{ value: "", label: words("categoryChoose") }, ...CATEGORIES.map((key) => ({ value: key, label: words(`categories.${key}`) }))]} />
          <TextArea label={t("description")} name="description" rows={4} value={description} onChange={(event) => setDescription(event.target.value)} maxLength={2 * DESCRIPTION_LENGTH_MAX} hint={t("descriptionHint", { limit: String(DESCRIPTION_LENGTH_MAX) })} />
          <Field label={t("rewardNote")} name="rewardNote" value={rewardNote} onChange={(event) => setRewardNote(event.target.value)} maxLength={2 * REWARD_NOTE_LENGTH_MAX} hint={t("rewardNoteHint")} autoComplete="off" />
        </>
      )}
    </SectionForm>
  );
}
