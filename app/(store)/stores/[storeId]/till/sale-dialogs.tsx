"use client";

import { Minus, Plus, Trash2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import type { QuickItem } from "@/lib/charges/queries";
import { formatBrl, formatCents } from "@/lib/money-format";
import { NOTE_MAX } from "@/lib/transfers/rules";
import { totalCents, withItem, type Sale } from "./sale";

type Opened = { isOpen: boolean; onOpenChange: (isOpen: boolean) => void };

/** A word on the sale that the customer sees too: a table, a name. */
export function NoteDialog({ note, onNote, isOpen, onOpenChange }: Opened & { note: string; onNote: (note: string) => void }) {
  const t = useTranslations("sale.pad");
  return (
    <Dialog title={t("note")} lead={t("noteLead")} isOpen={isOpen} onOpenChange={onOpenChange}>
      <NoteForm key={String(isOpen)} note={note} onNote={onNote} />
    </Dialog>
  );
}

function NoteForm({ note, onNote }: { note: string; onNote: (note: string) => void }) {
  const t = useTranslations("sale.pad");
  const [text, setText] = useState(note);
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onNote(text.trim());
      }}
    >
      <Field label={t("noteLabel")} value={text} onChange={(event) => setText(event.target.value)} maxLength={NOTE_MAX} autoComplete="off" autoFocus />
      <Button type="submit" isWide>
        {t("noteSave")}
      </Button>
    </form>
  );
}

/** The whole catalogue with one more and one less beside each item. */
export function ItemsDialog({ sale, items, onSale, isOpen, onOpenChange }: Opened & { sale: Sale; items: readonly QuickItem[]; onSale: (change: (sale: Sale) => Sale) => void }) {
  const t = useTranslations("sale.pad");
  const locale = useLocale();
  const categories = [...new Set(items.map(({ category }) => category ?? ""))];
  return (
    <Dialog
      title={t("items")}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      actions={
        <Button isWide onClick={() => onOpenChange(false)}>
          {t("itemsDone", { amount: formatCents(totalCents(sale), sale.currency, locale) })}
        </Button>
      }
    >
      {categories.map((category) => (
        <section key={category} aria-label={category || t("items")} className="mb-3">
          {category ? <h3 className="text-label text-muted">{category}</h3> : null}
          <ul>
            {items
              .filter((item) => (item.category ?? "") === category)
              .map((item) => {
                const quantity = sale.items.find(({ itemId }) => itemId === item.id)?.quantity ?? 0;
                return (
                  <li key={item.id} className="flex min-h-14 items-center gap-2 border-b border-line last:border-0">
                    <span className="min-w-0 flex-1">
                      <span className="block truncate font-semibold">{item.name}</span>
                      <span className="text-small text-muted tabular-nums">{formatBrl(BigInt(item.priceBrlCentavos), locale)}</span>
                    </span>
                    <IconButton ground="sunk" aria-label={t("less", { name: item.name })} aria-disabled={quantity === 0} onClick={() => onSale((now) => withItem(now, item, -1))}>
                      <Icon of={Minus} />
                    </IconButton>
                    <span aria-live="polite" className="min-w-7 text-center font-semibold tabular-nums">
                      {quantity}
                    </span>
                    <IconButton ground="sunk" aria-label={t("more", { name: item.name })} onClick={() => onSale((now) => withItem(now, item, 1))}>
                      <Icon of={Plus} />
                    </IconButton>
                  </li>
                );
              })}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

/** Parked sales: take one up again, or throw it away. */
export function HeldDialog({ held, onResume, onForget, isOpen, onOpenChange }: Opened & { held: readonly Sale[]; onResume: (sale: Sale) => void; onForget: (sale: Sale) => void }) {
  const t = useTranslations("sale.held");
  const locale = useLocale();
  return (
    <Dialog title={t("title")} lead={t("lead")} isOpen={isOpen} onOpenChange={onOpenChange}>
      {held.length === 0 ? (
        <p className="pb-4 text-muted">{t("none")}</p>
      ) : (
        <ul className="grid gap-2 pb-4">
          {held.map((sale) => {
            const amount = formatCents(totalCents(sale), sale.currency, locale);
            const said = sale.note || sale.items.map(({ quantity, name }) => `${quantity} × ${name}`).join(", ");
            return (
              <li key={sale.id} className="flex items-center gap-2">
                <button type="button" onClick={() => onResume(sale)} className="flex min-h-14 min-w-0 flex-1 items-center justify-between gap-3 rounded-control bg-sunk px-4 py-2 text-left">
                  <span className="min-w-0">
                    <b className="block font-semibold tabular-nums">{amount}</b>
                    {said ? <span className="block truncate text-small text-muted">{said}</span> : null}
                  </span>
                  <span className="flex-none font-semibold text-brand-ink">{t("resume")}</span>
                </button>
                <IconButton aria-label={t("forget", { amount })} onClick={() => onForget(sale)}>
                  <Icon of={Trash2} />
                </IconButton>
              </li>
            );
          })}
        </ul>
      )}
    </Dialog>
  );
}
