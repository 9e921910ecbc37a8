import { expect, test } from "vitest";
import { refuseStream } from "./refuse-stream";

test("an EventSource is told that it need not come back", async () => {
  const answer = refuseStream(new Request("http://localhost/", { headers: { accept: "text/event-stream" } }), 401);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('event: closed\ndata: {"reason":"signed_out"}\n\n');
});

test("anybody else gets the status", () => {
  expect(refuseStream(new Request("http://localhost/", { headers: { accept: "*/*" } }), 404).status).toBe(404);
});
