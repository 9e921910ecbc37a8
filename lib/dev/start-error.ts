/** A start that can't go on. Its message is one sentence for the person at the terminal, saying what to do. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StartError";
  }
}
