/** What a person agrees to. The first two come with the account; the last can be withdrawn at any time. */
export const CONSENT_PURPOSES = ["terms", "privacy", "product_messages"] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];
/** What having an account says yes to. */
export const SIGN_UP_CONSENTS = ["terms", "privacy"] as const satisfies readonly ConsentPurpose[];
/** What can be given and withdrawn with the account staying. */
export const OPTIONAL_CONSENTS = ["product_messages"] as const satisfies readonly ConsentPurpose[];

/** The version in force of each text. A new version asks again. */
export const CONSENT_VERSIONS: Record<ConsentPurpose, string> = { terms: "2026-11", privacy: "2026-11", product_messages: "2026-11" };

/** How long the law has payments and the security log kept after an account is gone (Circular BCB 3.978, art. 67). They stay without the name. */
export const LAW_KEEPS_YEARS = 10;

export const EXPORT_FORMATS = ["json", "csv"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** A confirmed export is downloaded within so long, in either format. */
export const EXPORT_GRANT_SECONDS = 600;
