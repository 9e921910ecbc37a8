import type { StorePayment } from "@/lib/live/rules";

type Payer = Pick<StorePayment, "payerName" | "isPayerRemoved">;

/** Who paid, as a store may know it: the first name, "Cliente", or "Cliente removido" for somebody who deleted the account. */
export const payerName = ({ payerName: name, isPayerRemoved }: Payer, t: (key: "customer" | "removedCustomer") => string): string => name ?? t(isPayerRemoved ? "removedCustomer" : "customer");
