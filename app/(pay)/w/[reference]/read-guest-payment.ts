import "server-only";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { DomainError } from "@/lib/errors";
import { getGuestPayment, type GuestPaymentView } from "@/lib/guests/queries";
import { GUEST_COOKIE } from "./guest-cookie";

/** The wallet's page of an address, with its own part for the browser that opened it. Read once per request. */
export const readGuestPayment = cache(async (reference: string): Promise<GuestPaymentView> => {
  try {
    return await getGuestPayment(reference, (await cookies()).get(GUEST_COOKIE)?.value ?? null);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
});
