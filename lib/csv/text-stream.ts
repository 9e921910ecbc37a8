import "server-only";
import { log } from "@/lib/log";

/** Pieces of text as the body of an answer, each made when the reader asks for it. A failure breaks the download off, so that no half file passes for a whole one. */
export function textStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        log().error({ err: error }, "an export broke off");
        controller.error(error);
      }
    },
    cancel: () => void pieces.return(undefined),
  });
}
