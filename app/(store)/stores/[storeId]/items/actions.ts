"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { moveItem, removeItem, setAvailable } from "@/lib/items/change-item";
import { importItems } from "@/lib/items/import-items";
import { MOVES } from "@/lib/items/rules";
import { saveItem } from "@/lib/items/save-item";
import { paths } from "@/lib/paths";

const Which = z.object({ storeId: z.uuid(), itemId: z.uuid() });

export const saveItemAction = action(Which.extend({ name: z.string().max(500), category: z.string().max(500), price: z.string().max(50) }), async (actor, input) => {
  await saveItem(actor, input);
  revalidatePath(paths.storeItems(input.storeId));
});

export const removeItemAction = action(Which, async (actor, input) => {
  await removeItem(actor, input);
  revalidatePath(paths.storeItems(input.storeId));
});

export const setAvailableAction = action(Which.extend({ isAvailable: z.enum(["true", "false"]) }), async (actor, { isAvailable, ...which }) => {
  await setAvailable(actor, { ...which, isAvailable: isAvailable === "true" });
  revalidatePath(paths.storeItems(which.storeId));
});

export const moveItemAction = action(Which.extend({ move: z.enum(MOVES) }), async (actor, input) => {
  await moveItem(actor, input);
  revalidatePath(paths.storeItems(input.storeId));
});

/** Looks at a file, or brings its items in. */
export const importItemsAction = action(z.object({ storeId: z.uuid(), file: z.instanceof(File), isPreview: z.enum(["true", "false"]) }), async (actor, { storeId, file, isPreview }) => {
  const outcome = await importItems(actor, { storeId, file: new Uint8Array(await file.arrayBuffer()), isPreview: isPreview === "true" });
  if (outcome.kind === "done") revalidatePath(paths.storeItems(storeId));
  return outcome;
});
