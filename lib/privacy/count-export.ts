import "server-only";
import { db } from "@/db/client";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";

/** Counts a download, which reads everything. Fails with: too_many_requests. */
export const countExport = ({ userId }: { userId: string }): Promise<void> => consumeLimit(db, "data_export_account", userId);
