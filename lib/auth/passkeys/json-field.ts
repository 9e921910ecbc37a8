import { z } from "zod";

/** The longest answer that a browser of ours can post has less than half of this. */
const JSON_MAX = 16_000;

/** A form field that holds JSON of a shape: bounded before it is parsed. */
export const jsonField = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .max(JSON_MAX)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);
