import "server-only";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { db } from "@/db/client";
import type { Actor, Visitor } from "@/lib/auth/actor";
import { addressGroup } from "@/lib/auth/client-address";
import { isOwnOrigin } from "@/lib/auth/own-origin";
import { requireActorInAction } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { log } from "@/lib/log";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import type { LimitName } from "@/lib/rate-limit/rules";

/** What a form shows after it was sent: nothing yet, the answer, or why not. */
export type ActionState<T = undefined> =
  | null
  | { ok: true; value: T }
  | { ok: false; code: ErrorCode; details: Record<string, string | number>; fields?: string[] };

type FormAction<T> = (previous: ActionState<T>, form: FormData) => Promise<ActionState<T>>;

type Options = {
  /** The account's limit, counted in the database. `null` where the use case has limits of its own, as payments do. */
  limit?: LimitName | null;
  /** At a shared till an action passes that names the till's store in `storeId`, with the rights of a shared till; any other only with this. */
  atSharedTill?: boolean;
};

/** The fields of a form of ours are short texts; a body beyond this is not one. */
const MAX_FORM_BYTES = 64 * 1024;
const MAX_FORM_FIELDS = 100;

/**
 * The one door for mutations: own Origin, live session, the account's limit, bounded and parsed input, then the use case.
 * Expected failures come back as values; redirects pass; anything else is our bug, is logged and reaches error.tsx.
 */
export function action<S extends z.ZodType, T>(
  schema: S,
  run: (actor: Actor, input: z.output<S>) => Promise<T>,
  { limit = "action_account", atSharedTill = false }: Options = {},
): FormAction<T> {
  return (_previous, form) =>
    answer(async () => {
      const actor = await requireActorInAction();
      if (limit) await consumeLimit(db, limit, actor.userId);
      const input = parse(schema, form);
      if (actor.sharedStoreId && !atSharedTill && !namesStore(input, actor.sharedStoreId)) throw new DomainError("forbidden");
      return run(actor, input);
    });
}

const namesStore = (input: unknown, storeId: string): boolean => typeof input === "object" && input !== null && "storeId" in input && input.storeId === storeId;

/** The same door for people without a session: counted by address instead of account. */
export function publicAction<S extends z.ZodType, T>(schema: S, run: (visitor: Visitor, input: z.output<S>) => Promise<T>): FormAction<T> {
  return (_previous, form) =>
    answer(async () => {
      const visitor = await readVisitor();
      await consumeLimit(db, "action_address", visitor.ip ? addressGroup(visitor.ip) : "unknown");
      return run(visitor, parse(schema, form));
    });
}

class InvalidInput extends DomainError {
  constructor(readonly fields: string[]) {
    super("invalid_input");
  }
}

async function answer<T>(run: () => Promise<T>): Promise<ActionState<T>> {
  try {
    if (!isOwnOrigin(await headers())) throw new DomainError("origin_refused");
    return { ok: true, value: await run() };
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof DomainError) {
      return { ok: false, code: error.code, details: error.details, ...(error instanceof InvalidInput ? { fields: error.fields } : {}) };
    }
    log().error({ err: error }, "action failed");
    throw error;
  }
}

/** Fails with: too_large, invalid_input with the fields that are wrong. */
function parse<S extends z.ZodType>(schema: S, form: FormData): z.output<S> {
  const entries = [...form];
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + (typeof value === "string" ? Buffer.byteLength(value) : value.size), 0);
  if (bytes > MAX_FORM_BYTES || entries.length > MAX_FORM_FIELDS) throw new DomainError("too_large");
  const input = schema.safeParse(Object.fromEntries(entries));
  if (!input.success) throw new InvalidInput([...new Set(input.error.issues.map((issue) => issue.path.join(".")))]);
  return input.data;
}
