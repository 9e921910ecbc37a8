import { connection } from "next/server";
import { checkHealth } from "@/lib/health/check-health";

/** 200 when everything that a payment needs is up, 503 with the same shape when something is not. */
export async function GET() {
  await connection();
  const health = await checkHealth();
  return Response.json(health, { status: health.status === "ok" ? 200 : 503, headers: { "cache-control": "no-store" } });
}
