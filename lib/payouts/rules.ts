export const PAYOUT_TYPES = ["pix", "bank", "wallet"] as const;
export const PAYOUT_STATUSES = ["pending", "processing", "completed", "failed"] as const;

/** Who pays reais out. */
export const PAYOUT_PROVIDERS = ["avenia", "starkbank"] as const;
export type PayoutProviderName = (typeof PAYOUT_PROVIDERS)[number];

export const PIX_KEY_TYPES = ["cpf", "cnpj", "phone", "email", "random"] as const;
export type PixKeyType = (typeof PIX_KEY_TYPES)[number];

/** A line between what goes in and what comes out, in the currency in which the provider takes it. */
export type PayoutFee = { name: string; amount: string; currency: "USD" | "BRL" };

/** Whose key it is: the document comes masked, as the provider gives it. */
export type PixKeyHolder = { name: string; maskedDocument: string; bankName: string };

/** Where reais go. A bank code of 3 digits, an ISPB of 8. */
export type ProviderDestination =
  | { kind: "pix"; pixKey: string }
  | { kind: "bank"; holderName: string; document: string; bankCode: string; branch: string; account: string; accountType: "checking" | "savings" };
