import { Fingerprint, ScrollText, Wallet } from "lucide-react";

/** How each kind of owner is drawn. */
export const OWNER_ICONS = { passkey: Fingerprint, wallet: Wallet, recovery_key: ScrollText } as const;
