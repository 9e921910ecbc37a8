"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { withdrawPhoneChange } from "@/lib/auth/change-phone";
import { endDevice, endOtherDevices } from "@/lib/auth/end-devices";
import { freezeAccount, unfreezeAccount } from "@/lib/auth/freeze-account";
import { cancelStepUpWait } from "@/lib/auth/request-step-up-wait";
import { dismissNotice } from "@/lib/notifications/dismiss-notice";

const Nothing = z.object({});

/** Field `noticeId`. Read, on every device. */
export const dismissNoticeAction = action(z.object({ noticeId: z.uuid() }), async (actor, input): Promise<undefined> => {
  await dismissNotice(actor, input);
  refresh();
});

/** "Wasn't you?": nothing leaves the account until it is lifted. */
export const freezeAction = action(Nothing, async (actor): Promise<undefined> => {
  await freezeAccount(actor);
  refresh();
});

export const unfreezeAction = action(Nothing, async (actor): Promise<undefined> => {
  await unfreezeAccount(actor);
  refresh();
});

/** Field `waitId`. */
export const cancelWaitAction = action(z.object({ waitId: z.uuid() }), async (actor, input): Promise<undefined> => {
  await cancelStepUpWait(actor, input);
  refresh();
});

export const withdrawPhoneChangeAction = action(Nothing, async (actor): Promise<undefined> => {
  await withdrawPhoneChange(actor);
  refresh();
});

/** Field `sessionId`. */
export const endDeviceAction = action(z.object({ sessionId: z.uuid() }), async (actor, input): Promise<undefined> => {
  await endDevice(actor, input);
  refresh();
});

export const endOtherDevicesAction = action(Nothing, async (actor): Promise<{ count: number }> => {
  const count = await endOtherDevices(actor);
  refresh();
  return { count };
});
