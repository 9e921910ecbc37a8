import "server-only";
import { chainName } from "@/lib/chain/chains";
import { CSV_DIALECTS, CSV_MARK, csvLine, type CsvAmount, type CsvValue, type CsvVariant } from "@/lib/csv/rules";
import type { PaymentView, Person } from "@/lib/payments/payment-view";
import type { TransactionStatus } from "@/lib/payments/rules";
import { listActivity } from "./queries";
import type { ActivityDirection, ActivityFilter, ActivityKind } from "./rules";

const ROWS_A_PAGE = 250;
const HOME_ZONE = "America/Sao_Paulo";

/** The columns, in order. `effect`: what it did to the balance, nothing where it failed or stayed among the person's own places, so that a sum is right. */
export const EXPORT_COLUMNS = ["at", "atUtc", "id", "kind", "direction", "party", "note", "amountUsd", "rate", "rateAt", "amountBrl", "effectUsd", "effectBrl", "feesUsd", "rewardUsd", "refundUsd", "code", "state", "network", "transactionHash"] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

/** The words of the file, in its language. */
export type ExportWords = { columns: Record<ExportColumn, string>; kinds: Record<ActivityKind, string>; directions: Record<ActivityDirection, string>; states: Record<TransactionStatus, string> };

/**
 * The person's activity as a table, newest first, one piece a page: the longest history takes no more memory than a page, and a slow download holds no
 * connection. Times stand twice, in the home town's clock and in UTC.
 */
export async function* exportActivity(person: Person, { filter, variant, words }: { filter: ActivityFilter; variant: CsvVariant; words: ExportWords }): AsyncGenerator<string> {
  const dialect = CSV_DIALECTS[variant];
  yield (dialect.hasMark ? CSV_MARK : "") + csvLine(EXPORT_COLUMNS.map((column) => words.columns[column]), dialect);
  let before: string | undefined;
  do {
    const { items, next } = await listActivity(person, { before, limit: ROWS_A_PAGE, filter });
    if (items.length > 0) yield items.map((payment) => csvLine(cellsOf(payment, variant, words), dialect)).join("");
    before = next ?? undefined;
  } while (before !== undefined);
}

function cellsOf(payment: PaymentView, variant: CsvVariant, words: ExportWords): CsvValue[] {
  const { direction, reward, refund, status } = payment;
  const cells: Record<ExportColumn, CsvValue> = {
    at: localTime(payment.createdAt, variant),
    atUtc: payment.createdAt.toISOString(),
    id: payment.id,
    kind: words.kinds[payment.kind],
    direction: words.directions[direction],
    party: payment.store?.name ?? payment.counterparty?.name ?? payment.counterparty?.phoneShown ?? payment.details.payeeAddress ?? payment.details.payerAddress,
    note: payment.note,
    amountUsd: usd(payment.amountUsdMicros),
    rate: payment.brlPerUsdMicros === null ? null : usd(payment.brlPerUsdMicros),
    rateAt: payment.rateAt && localTime(payment.rateAt, variant),
    amountBrl: brl(payment.amountBrlCentavos),
    effectUsd: usd(effectOf(payment.amountUsdMicros, payment)),
    effectBrl: payment.amountBrlCentavos === null ? null : brl(effectOf(payment.amountBrlCentavos, payment)),
    feesUsd: usd(payment.fees.reduce((sum, fee) => sum + fee.amountUsdMicros, 0n)),
    rewardUsd: status === "confirmed" && reward?.valueUsdMicros ? usd(reward.valueUsdMicros) : null,
    refundUsd: refund?.status === "refunded" && refund.amountUsdMicros !== null ? usd(refund.amountUsdMicros) : null,
    code: payment.confirmationCode,
    state: words.states[status],
    network: chainName(payment.details.chainId),
    transactionHash: payment.details.transactionHash,
  };
  return EXPORT_COLUMNS.map((column) => cells[column]);
}

const usd = (amountUsdMicros: bigint): CsvAmount => ({ amount: amountUsdMicros, decimals: 6 });
const brl = (amountBrlCentavos: bigint | null): CsvAmount | null => (amountBrlCentavos === null ? null : { amount: amountBrlCentavos, decimals: 2 });

/** What moved the balance: nothing before the chain said so. */
const effectOf = (amount: bigint, { direction, status }: PaymentView): bigint => (status !== "confirmed" || direction === "within" ? 0n : direction === "out" ? -amount : amount);

/** "22/11/2026 14:02:37" as spreadsheets of the home country read times, "2026-11-22 14:02:37" elsewhere. */
function localTime(at: Date, variant: CsvVariant): string {
  const text = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: HOME_ZONE }).format(at);
  if (variant === "international") return text;
  const [day = "", time = ""] = text.split(" ");
  return `${day.split("-").toReversed().join("/")} ${time}`;
}
