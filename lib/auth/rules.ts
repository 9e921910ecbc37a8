export const AUTH_METHODS = ["phone", "passkey", "wallet"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];
