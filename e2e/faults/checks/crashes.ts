import type { Check } from "../check"; export const crashChecks: Check[] = [];
