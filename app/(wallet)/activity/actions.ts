"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { listActivity, type ActivityPage } from "@/lib/activity/queries";
import { filterOf } from "@/lib/activity/rules";

/** Field `before`: the id of the last row shown; the filter's fields as in the address. The next page of the person's activity. */
export const olderActivityAction = action(z.looseObject({ before: z.uuid() }), (actor, { before, ...query }): Promise<ActivityPage> => listActivity(actor, { before, filter: filterOf(query) }));
