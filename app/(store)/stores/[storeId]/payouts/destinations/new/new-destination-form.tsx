"use client";

import { useTranslations } from "next-intl";
import { useActionState, useState, type ChangeEvent } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { Segments } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { candidates, validatePixKey } from "@/lib/payouts/pix-key";
import { PIX_KEY_TYPES, type PayoutType, type PixKeyType } from "@/lib/payouts/rules";
import { addDestinationAction } from "../../actions";

type Typed = Record<string, string>;
type FieldOf = (name: string) => { name: string; value: string; onChange: (event: ChangeEvent<HTMLInputElement>) => void; autoComplete: string };

/** The fields of one kind of destination, checked while they are typed; nobody is asked before "continue". */
export function NewDestinationForm({ storeId, type, chains }: { storeId: string; type: PayoutType; chains: string }) {
  const t = useTranslations("payouts.destination");
  const errorText = useErrorText();
  const [state, submit] = useActionState(addDestinationAction, null);
  // Kept by the page: a form that was refused is otherwise emptied.
  const [typed, setTyped] = useState<Typed>({});
  const field: FieldOf = (name) => ({ name, value: typed[name] ?? "", onChange: (event) => setTyped((before) => ({ ...before, [name]: event.target.value })), autoComplete: "off" });
  const error = state && !state.ok ? errorText(state.code, state.details) : undefined;
  return (
    <form action={submit} className="grid gap-5">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="type" value={type} />
      {type === "pix" ? <PixFields error={error} /> : type === "bank" ? <BankFields field={field} accountType={typed["accountType"] ?? "checking"} onAccountType={(accountType) => setTyped((before) => ({ ...before, accountType }))} /> : <Field {...field("address")} label={t("address")} hint={t("addressHint", { chain: chains })} spellCheck={false} autoCapitalize="none" error={error} required />}
      <Field {...field("label")} label={t("label")} hint={t("labelHint")} maxLength={60} />
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

function BankFields({ field, accountType, onAccountType }: { field: FieldOf; accountType: string; onAccountType: (value: string) => void }) {
  const t = useTranslations("payouts.destination");
  return (
    <div className="grid gap-4">
      <Field {...field("holderName")} label={t("bankHolder")} maxLength={120} required />
      <Field {...field("document")} label={t("bankDocument")} maxLength={30} required />
      <Field {...field("bankCode")} label={t("bankCode")} hint={t("bankCodeHint")} inputMode="numeric" maxLength={12} required />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field {...field("branch")} label={t("branch")} maxLength={12} required />
        <Field {...field("account")} label={t("account")} maxLength={30} required />
      </div>
      <Select name="accountType" label={t("accountType")} value={accountType} onChange={(event) => onAccountType(event.target.value)} options={[{ value: "checking", label: t("checking") }, { value: "savings", label: t("savings") }]} />
    </div>
  );
}
