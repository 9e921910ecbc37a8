/** What a person agrees to. The first two come with the account; the last can be withdrawn at any time. */
export const CONSENT_PURPOSES = ["terms", "privacy", "product_messages"] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** The version in force of each text. A new version asks again. */
export const CONSENT_VERSIONS: Record<ConsentPurpose, string> = { terms: "2026-11", privacy: "2026-11", product_messages: "2026-11" };
