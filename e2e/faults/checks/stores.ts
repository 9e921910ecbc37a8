import type { Check } from "../check"; export const storeChecks: Check[] = [];
