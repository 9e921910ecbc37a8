import "server-only";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getSend, type SendView } from "@/lib/transfers/queries";

/** The signed-in person's send of an address; anybody else's is a page that does not exist. Read once per request. */
export const readSend = cache(async (id: string): Promise<SendView> => {
  const actor = await requireActor();
  try {
    return await getSend(actor, id);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
});
