/** The provider says no: its status and its word. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string) {
    super(code);
  }
}
export const refuse = (code: string, status = 400): never => {
  throw new Refusal(status, code);
};
