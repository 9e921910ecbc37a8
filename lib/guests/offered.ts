import "server-only";
import { isEnabled } from "@/lib/flags/is-enabled";

/** Whether paying by an own wallet is offered to somebody: a person by the account, a stranger by the browser's random id, which stays the same. */
export const areGuestPaymentsOffered = (person: { userId: string } | null, { deviceId }: { deviceId: string }): Promise<boolean> => isEnabled("guest_payments", person?.userId ?? deviceId);
