import { forbidden, notFound } from "next/navigation";
import { DomainError } from "@/lib/errors";

/** A page's read: a stranger gets the 404 page, a member without the right the 403 page (forbidden.tsx beside the page). */
export async function orNotFound<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    if (error instanceof DomainError && error.code === "forbidden") forbidden();
    throw error;
  }
}
