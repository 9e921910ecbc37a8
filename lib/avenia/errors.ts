/**
 * What a failed call means for what was asked. `refused`: the provider said no, nothing happened. `unauthorized`: our key. `busy`: too many
 * calls, nothing happened. `uncertain`: no answer, a broken one, or their failure: it may have happened all the same.
 */
export type AveniaFailure = "refused" | "unauthorized" | "busy" | "uncertain";

export class AveniaError extends Error {
  constructor(
    readonly failure: AveniaFailure,
    /** Method and path, without what may tell who somebody is. */
    readonly call: string,
    readonly status: number | null,
    /** The provider's own word for a refusal. */
    readonly reason: string | null = null,
  ) {
    super(`Avenia ${call}: ${failure}${status === null ? "" : ` (${status})`}${reason ? ` ${reason}` : ""}`);
    this.name = "AveniaError";
  }
}
