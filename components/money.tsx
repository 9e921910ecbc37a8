import clsx from "clsx";
import { useLocale } from "next-intl";
import type { Currency } from "@/lib/money";
import { centsOf, formatBrl, formatUsd, moneyParts, speakMoney, type SignStyle } from "@/lib/money-format";

const SIZES = {
  m: ["text-money-m", "money-sign-m"],
  l: ["text-money-l", "money-sign"],
  xl: ["text-money-xl", "money-sign"],
  till: ["text-money-till", "money-sign"],
  paid: ["text-money-l md:text-money-paid", "money-sign"],
} as const;

/** An amount and its unit: `{ currency: "BRL", amount: centavos }` or `{ currency: "USD", amount: micro-dollars }`. */
export interface MoneyProps {
  amount: bigint;
  currency: Currency;
}

/** A large amount: small raised currency sign; screen readers hear "38 reais e 50 centavos". Dollars are rounded down to the cent. */
export function MoneyDisplay({ amount, currency, size = "xl", className }: MoneyProps & { size?: keyof typeof SIZES; className?: string }) {
  const locale = useLocale();
  const cents = centsOf(amount, currency);
  const { sign, symbol, number } = moneyParts(cents, currency, locale);
  const [text, symbolStyle] = SIZES[size];
  return (
    <span role="img" aria-label={speakMoney(cents, currency, locale)} className={clsx("money inline-block", text, className)}>
      <span aria-hidden="true">
        {sign}
        <span className={symbolStyle}>{`${symbol}\u00a0`}</span>
        {number}
      </span>
    </span>
  );
}

/** An amount in a row, a sentence or a table: plain text that does not break. `signStyle="plus"` with green is for money in only. */
export function Money({ amount, currency, signStyle, className }: MoneyProps & { signStyle?: SignStyle; className?: string }) {
  const locale = useLocale();
  const format = currency === "BRL" ? formatBrl : formatUsd;
  return <span className={clsx("whitespace-nowrap tabular-nums", signStyle === "plus" && amount > 0n && "text-positive", className)}>{format(amount, locale, signStyle)}</span>;
}
