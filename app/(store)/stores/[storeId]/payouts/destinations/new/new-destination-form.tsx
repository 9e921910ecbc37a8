"use client";

import { useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Segments } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { candidates, validatePixKey } from "@/lib/payouts/pix-key";
import { PIX_KEY_TYPES, type PayoutType, type PixKeyType } from "@/lib/payouts/rules";
import { addDestinationAction } from "../../actions";

/** The fields of one kind of destination, checked while they are typed; nobody is asked before "continue". */
export function NewDestinationForm({ storeId, type, chains }: { storeId: string; type: PayoutType; chains: string }) {
  const t = useTranslations("payouts.destination");
  const errorText = useErrorText();
  const [state, submit] = useActionState(addDestinationAction, null);
  const error = state && !state.ok ? errorText(state.code, state.details) : undefined;
  return (
    <form action={submit} className="grid gap-5">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="type" value={type} />
      {type === "pix" ? <PixFields error={error} /> : type === "bank" ? <BankFields /> : <Field name="address" label={t("address")} hint={t("addressHint", { chain: chains })} autoComplete="off" spellCheck={false} autoCapitalize="none" error={error} required />}
      <Field name="label" label={t("label")} hint={t("labelHint")} maxLength={60} autoComplete="off" />
      {type === "bank" ? <FieldError error={error} /> : null}
      <SubmitButton isWide busyLabel={t("continuing")}>
        {t("continue")}
      </SubmitButton>
    </form>
  );
}

/** The type is chosen and never guessed: eleven digits may be a CPF or a phone. */
function PixFields({ error }: { error: string | undefined }) {
  const t = useTranslations("payouts.destination");
  const [keyType, setKeyType] = useState<PixKeyType>("cpf");
  const [text, setText] = useState("");
  const valid = validatePixKey(keyType, text);
  const could = text === "" ? [] : candidates(text);
  const isBoth = could.includes("cpf") && could.includes("phone");
  const other = could.find((one) => one !== keyType);
  return (
    <div className="grid gap-4">
      <Segments name="keyType" legend={t("keyType")} value={keyType} onChange={(value) => setKeyType(value as PixKeyType)} segments={PIX_KEY_TYPES.map((value) => ({ value, label: t(`keyTypes.${value}`) }))} />
      <Field name="key" label={t("key")} value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" spellCheck={false} autoCapitalize="none" maxLength={120} error={error} good={valid ? t("keyGood", { shown: valid.shown }) : undefined} required />
      <div aria-live="polite" className="empty:hidden">
        {isBoth ? <Note tone="caution">{t("keyAsk")}</Note> : !valid && other ? <Note tone="caution">{t("keyLooksLike", { type: t(`keyTypes.${other}`) })}</Note> : null}
      </div>
    </div>
  );
}

function BankFields() {
  const t = useTranslations("payouts.destination");
  return (
    <div className="grid gap-4">
      <Field name="holderName" label={t("bankHolder")} autoComplete="off" maxLength={120} required />
      <Field name="document" label={t("bankDocument")} autoComplete="off" maxLength={30} required />
      <Field name="bankCode" label={t("bankCode")} hint={t("bankCodeHint")} inputMode="numeric" autoComplete="off" maxLength={12} required />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field name="branch" label={t("branch")} autoComplete="off" maxLength={12} required />
        <Field name="account" label={t("account")} autoComplete="off" maxLength={30} required />
      </div>
      <Select name="accountType" label={t("accountType")} options={[{ value: "checking", label: t("checking") }, { value: "savings", label: t("savings") }]} />
    </div>
  );
}
