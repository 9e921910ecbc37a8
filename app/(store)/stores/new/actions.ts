"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/lib/action";
import { paths } from "@/lib/paths";
import { checkSymbol } from "@/lib/stores/free-symbol";
import { openStore } from "@/lib/stores/open-store";

const degrees = z.preprocess((value) => (value === "" ? undefined : value), z.coerce.number().optional());

const OpenStore = z.object({
  formKey: z.uuid(),
  name: z.string().max(500),
  symbol: z.string().max(100),
  category: z.string().max(100),
  place: z.string().max(1_000),
  rewardRateBps: z.string().max(10),
  timeZone: z.string().max(100).optional(),
  latitude: degrees,
  longitude: degrees,
});

/** Opens the store and goes to its page, where the QR is. */
export const openStoreAction = action(OpenStore, async (actor, input) => {
  const { storeId } = await openStore(actor, input);
  redirect(paths.store(storeId));
});

const CheckSymbol = z.object({ symbol: z.string().max(100), name: z.string().max(500) });

/** Whether a symbol is free, while it is typed. */
export const checkSymbolAction = action(CheckSymbol, (_actor, { symbol, name }) => checkSymbol(symbol, name));
