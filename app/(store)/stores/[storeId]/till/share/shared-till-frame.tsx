"use client";

import { Lock } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef, type ReactNode } from "react";
import { formOf } from "@/app/step-up/form-of";
import { SubmitButton } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import type { SharedTill } from "@/lib/team/till-queries";
import { lockTillAction, tillPulseAction } from "./actions";

/** Also how soon a till closes whose seller was removed. */
const PULSE_MS = 2_000;
const TOUCH_EVERY_MS = 20_000;

/** Above an unlocked shared till: who sells, and the lock. It locks by itself when nobody touches it; the server does so by its own clock too. */
export function SharedTillFrame({ storeId, till, children }: { storeId: string; till: SharedTill; children: ReactNode }) {
  const t = useTranslations("sharedtill");
  const router = useRouter();
  const [, lock] = useActionState(lockTillAction, null);
  const sittingId = till.sitting?.id ?? null;
  const seller = till.sitting?.sellerName ?? t("somebody");
  const manager = till.sitting?.managerName ?? null;
  const touchedAt = useRef(0);
  const toldAt = useRef(0);

  useEffect(() => {
    touchedAt.current = Date.now();
    toldAt.current = Date.now();
    const touch = () => (touchedAt.current = Date.now());
    const events = ["pointerdown", "keydown"] as const;
    for (const event of events) window.addEventListener(event, touch, { passive: true });
    let isOver = false;
    const pulse = async () => {
      const isTouched = touchedAt.current > toldAt.current && Date.now() - toldAt.current >= TOUCH_EVERY_MS;
      const isIdle = Date.now() - touchedAt.current >= till.idleMinutes * 60_000;
      if (isTouched) toldAt.current = Date.now();
      const answer = isIdle ? await lockTillAction(null, formOf({ storeId })).catch(() => null) : await tillPulseAction(null, formOf({ storeId, ...(isTouched ? { isTouched: "yes" } : {}) })).catch(() => null);
      if (isOver || !answer) return;
      // A refusal, too, is for the page to draw: the sign-in, or who sells now.
      if (!answer.ok || isIdle || answer.value?.sittingId !== sittingId) router.refresh();
    };
    const timer = setInterval(() => void pulse(), PULSE_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
      for (const event of events) window.removeEventListener(event, touch);
    };
  }, [storeId, sittingId, till.idleMinutes, router]);

  return (
    <div className="lg:grid lg:h-dvh lg:grid-rows-[auto_minmax(0,1fr)]">
      <section aria-label={t("title")} className="flex min-h-13 items-center justify-between gap-3 bg-deep px-4 py-1 text-on-deep md:px-7">
        <p className="min-w-0 truncate font-semibold">{manager ? t("sellingBy", { name: seller, manager }) : t("selling", { name: seller })}</p>
        <form action={lock}>
          <input type="hidden" name="storeId" value={storeId} />
          <SubmitButton kind="deep" size="medium" icon={<Icon of={Lock} />} busyLabel={t("locking")}>
            {t("lock")}
          </SubmitButton>
        </form>
      </section>
      <div className="min-h-0 lg:[&>div:first-child]:h-full!">{children}</div>
    </div>
  );
}
