/** What a failed call means for what was asked: as AveniaError's. */
export type StarkFailure = "refused" | "unauthorized" | "busy" | "uncertain";

export class StarkError extends Error {
  constructor(
    readonly failure: StarkFailure,
    /** Method and path, without what may tell who somebody is. */
    readonly call: string,
    readonly status: number | null,
    /** The bank's own word for its first refusal. */
    readonly reason: string | null = null,
  ) {
    super(`Stark Bank ${call}: ${failure}${status === null ? "" : ` (${status})`}${reason ? ` ${reason}` : ""}`);
    this.name = "StarkError";
  }
}
