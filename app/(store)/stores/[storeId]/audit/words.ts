import { audit } from "@/lib/i18n/messages/audit";

type Texts = (typeof audit)["pt-BR"];
export type ActionKey = keyof Texts["actions"];
export type FieldKey = keyof Texts["fields"];

/** The trail's words that have a sentence, as their keys in messages/audit.ts. */
export const ACTION_KEYS = Object.keys(audit["pt-BR"].actions) as ActionKey[];
/** The fields of the settings in the order of their forms. */
export const FIELD_KEYS = Object.keys(audit["pt-BR"].fields) as FieldKey[];
