"use client";

import { HandCoins, LayoutGrid, Plus, Tag } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { AmountEntry } from "@/components/amount-entry";
import { Icon } from "@/components/ui/icon";
import type { QuickItem } from "@/lib/charges/queries";
import { chargeAmounts } from "@/lib/charges/rules";
import { formatBrl, formatCents, usdCentsFromMicros } from "@/lib/money-format";
import { ChipButton } from "./chip-button";
import { itemsCents, totalCents, withItem, type Sale } from "./sale";

/** Items that stand beside the amount; the others are one tap further. */
const QUICK_SHOWN = 6;
/** One line that scrolls sideways where it is too long, in the middle where it is not. */
const ROW = "flex gap-2 overflow-x-auto px-5 py-1 justify-center-safe lg:px-1 [@media(max-height:720px)]:flex-none [@media(max-height:720px)]:overflow-visible [@media(max-height:720px)]:px-0";

type Props = {
  sale: Sale;
  onSale: (change: (sale: Sale) => Sale) => void;
  items: readonly QuickItem[];
  isTipAllowed: boolean;
  onTip: (isAllowed: boolean) => void;
  onNote: () => void;
  onItems: () => void;
  /** Null before the first rate came: the reais stand alone then. */
  brlPerUsdMicros: bigint | null;
};

/** What is sold: the amount, typed from the right by keys, keyboard or paste; items with one tap; a note, tips, and the currency. */
export function SalePad({ sale, onSale, items, isTipAllowed, onTip, onNote, onItems, brlPerUsdMicros }: Props) {
  const t = useTranslations("sale.pad");
  const locale = useLocale();
  const total = totalCents(sale);
  const isInReais = sale.currency === "BRL";
  const beside = brlPerUsdMicros === null ? null : chargeAmounts(total, sale.currency, brlPerUsdMicros);
  const hasItems = sale.items.length > 0;
  const quantityOf = (id: string) => sale.items.find(({ itemId }) => itemId === id)?.quantity ?? 0;
  return (
    <div className="mx-auto flex w-full max-w-[720px] flex-1 flex-col [&>div]:flex-1">
      <AmountEntry key={`${sale.id}-${sale.currency}`} name="amount" label={t(hasItems ? "otherAmount" : "amount")} currency={sale.currency} initialCents={BigInt(sale.typedCents)} size="till" onCents={(cents) => onSale((now) => ({ ...now, typedCents: cents.toString() }))}>
        <p className="text-center text-small text-muted tabular-nums" data-testid="sale-beside">
          {hasItems ? `${t("itemsAndTotal", { items: formatBrl(itemsCents(sale), locale), total: formatBrl(total, locale) })} · ` : null}
          {beside ? (isInReais ? formatCents(usdCentsFromMicros(beside.amountUsdMicros, "up"), "USD", locale) : formatBrl(beside.amountBrlCentavos, locale)) : null}
        </p>
        {/* On a short screen one row that scrolls, so that the keys stay in reach. */}
        <div className="-mx-5 mt-3 flex flex-col gap-2 [@media(max-height:720px)]:flex-row [@media(max-height:720px)]:overflow-x-auto [@media(max-height:720px)]:px-5 lg:mx-0 [@media(max-height:720px)]:lg:px-0">
          {items.length > 0 ? (
            <ul aria-label={t("items")} className={ROW}>
              {items.slice(0, QUICK_SHOWN).map((item) => (
                <li key={item.id} className="flex-none">
                  <ChipButton isOn={quantityOf(item.id) > 0} onClick={() => onSale((now) => withItem(now, item, 1))}>
                    {quantityOf(item.id) > 0 ? <b className="font-[650] tabular-nums">{quantityOf(item.id)} ×</b> : <Icon of={Plus} size="chip" />}
                    <span className="max-w-[18ch] truncate">{item.name}</span>
                    <span className="font-normal tabular-nums">{formatBrl(BigInt(item.priceBrlCentavos), locale)}</span>
                  </ChipButton>
                </li>
              ))}
              {items.length > QUICK_SHOWN || hasItems ? (
                <li className="flex-none">
                  <ChipButton onClick={onItems}>
                    <Icon of={LayoutGrid} size="chip" />
                    {t(hasItems ? "changeItems" : "allItems")}
                  </ChipButton>
                </li>
              ) : null}
            </ul>
          ) : null}
          <div className={ROW}>
            <ChipButton isOn={sale.note !== ""} onClick={onNote}>
              <Icon of={Tag} size="chip" />
              <span className="max-w-[22ch] truncate">{sale.note === "" ? t("note") : sale.note}</span>
            </ChipButton>
            <ChipButton isOn={isTipAllowed} aria-pressed={isTipAllowed} onClick={() => onTip(!isTipAllowed)}>
              <Icon of={HandCoins} size="chip" />
              {t("tip")}
            </ChipButton>
            {hasItems ? null : (
              <ChipButton isOn={!isInReais} aria-pressed={!isInReais} aria-label={t("inDollars")} onClick={() => onSale((now) => ({ ...now, currency: isInReais ? "USD" : "BRL", typedCents: "0" }))}>
                US$
              </ChipButton>
            )}
          </div>
        </div>
      </AmountEntry>
    </div>
  );
}
