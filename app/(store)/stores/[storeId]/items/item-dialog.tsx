"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useId, useRef, useState, type ReactElement } from "react";
import { toast } from "sonner";
import { AmountEntry } from "@/components/amount-entry";
import { useErrorText } from "@/components/error-text";
import { Button, SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { ErrorCode } from "@/lib/errors";
import { ITEM_CATEGORY_LENGTH_MAX, ITEM_NAME_LENGTH_MAX, type StoreItem } from "@/lib/items/rules";
import { removeItemAction, saveItemAction } from "./actions";

type Common = { storeId: string; categories: readonly string[] };

/** The button that adds an item. `newItemId` is made by the server: a double tap adds one. */
export function AddItem({ newItemId, ...common }: Common & { newItemId: string }) {
  const t = useTranslations("items");
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title={t("addTitle")}
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button size="medium" icon={<Icon of={Plus} />}>
          {t("add")}
        </Button>
      }
    >
      <ItemForm {...common} itemId={newItemId} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

/** Changes or removes an item. */
export function EditItem({ item, trigger, ...common }: Common & { item: StoreItem; trigger: ReactElement }) {
  const t = useTranslations("items");
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog title={t("editTitle")} isOpen={isOpen} onOpenChange={setOpen} trigger={trigger}>
      <ItemForm {...common} itemId={item.id} item={item} onDone={() => setOpen(false)} />
      <RemoveItem storeId={common.storeId} item={item} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

type FieldName = "name" | "category" | "price";
const FIELD_OF: Partial<Record<ErrorCode, FieldName>> = { item_name_invalid: "name", item_name_taken: "name", item_category_invalid: "category", limit_payment: "price" };
const fieldOf = (code: ErrorCode): FieldName | undefined => FIELD_OF[code] ?? (code.startsWith("amount_") ? "price" : undefined);

function ItemForm({ storeId, categories, itemId: offeredId, item, onDone }: Common & { itemId: string; item?: StoreItem; onDone: () => void }) {
  const t = useTranslations("items");
  const errorText = useErrorText();
  // Whatever the page is drawn with meanwhile, this form is one item.
  const [itemId] = useState(offeredId);
  const [state, save] = useActionState(saveItemAction, null);
  const [name, setName] = useState(item?.name ?? "");
  const [category, setCategory] = useState(item?.category ?? "");
  const list = useId();
  useDone(state?.ok === true, t("saved"), onDone);

  const refused = state?.ok === false ? state : null;
  const wrong = refused ? fieldOf(refused.code) : undefined;
  const errorOf = (field: FieldName) => (refused && wrong === field ? errorText(refused.code, refused.details) : null);
  return (
    <form action={save} noValidate className="grid gap-4">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="itemId" value={itemId} />
      <Field label={t("name")} name="name" value={name} onChange={(event) => setName(event.target.value)} maxLength={ITEM_NAME_LENGTH_MAX} autoComplete="off" required error={errorOf("name")} />
      <Field label={t("category")} hint={t("categoryHint")} name="category" value={category} onChange={(event) => setCategory(event.target.value)} maxLength={ITEM_CATEGORY_LENGTH_MAX} list={list} autoComplete="off" error={errorOf("category")} />
      <datalist id={list}>
        {categories.map((known) => (
          <option key={known} value={known}>
            {known}
          </option>
        ))}
      </datalist>
      <AmountEntry name="price" label={t("price")} currency="BRL" initialCents={item?.priceBrlCentavos} hasKeypad={false} error={errorOf("price")} />
      <FieldError error={refused && !wrong ? errorText(refused.code, refused.details) : null} />
      <SubmitButton isWide busyLabel={t("saving")}>
        {t("save")}
      </SubmitButton>
    </form>
  );
}

function RemoveItem({ storeId, item, onDone }: { storeId: string; item: StoreItem; onDone: () => void }) {
  const t = useTranslations("items");
  const errorText = useErrorText();
  const [state, remove] = useActionState(removeItemAction, null);
  const [isSure, setSure] = useState(false);
  useDone(state?.ok === true, t("removed"), onDone);
  if (!isSure) {
    return (
      <div className="mt-2 pb-5 md:pb-0">
        <Button kind="quiet" isWide icon={<Icon of={Trash2} />} onClick={() => setSure(true)}>
          {t("remove")}
        </Button>
      </div>
    );
  }
  return (
    <form action={remove} className="mt-4 grid gap-3 pb-5 md:pb-0">
      <input type="hidden" name="storeId" value={storeId} />
      <input type="hidden" name="itemId" value={item.id} />
      <Note tone="caution" isLive>
        {t("removeSure", { name: item.name })}
      </Note>
      <FieldError error={state?.ok === false ? errorText(state.code, state.details) : null} />
      <SubmitButton kind="danger" isWide busyLabel={t("removing")}>
        {t("removeYes")}
      </SubmitButton>
    </form>
  );
}

/** Says once that it is done, and closes. */
function useDone(isDone: boolean, text: string, onDone: () => void) {
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  }, [onDone]);
  useEffect(() => {
    if (!isDone) return;
    toast.success(text);
    done.current();
  }, [isDone, text]);
}
