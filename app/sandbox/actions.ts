"use server";

import { z } from "zod";
import { publicAction } from "@/lib/action";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { giveDollars } from "@/lib/sandbox/give-dollars";

export const giveDollarsAction = publicAction(z.object({ phone: z.string().max(40), chainId: z.enum(CHAIN_IDS) }), giveDollars);
