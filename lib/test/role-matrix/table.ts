import type { Row } from "./rows";
import { PERSON_ROWS } from "./table-person";
import { PLACES_ROWS } from "./table-places";
import { PUBLIC_ROWS } from "./table-public";
import { STORE_ROWS } from "./table-store";
import { TILL_PIX_ROWS } from "./table-tillpix";

/** Every door of the app and who may pass it. A server action or route handler without its row fails the build. */
export const ROWS: Record<string, Row> = { ...PUBLIC_ROWS, ...PERSON_ROWS, ...STORE_ROWS, ...PLACES_ROWS, ...TILL_PIX_ROWS };
