"use client";

import { Ban, Check, CircleHelp, Clock, History, ShieldCheck, Store, type LucideIcon } from "lucide-react";
import { unstable_rethrow } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState, type ReactNode } from "react";
import { useErrorText } from "@/components/error-text";
import { Money } from "@/components/money";
import { Button, SubmitButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import type { ActionState } from "@/lib/action";
import { dayKey, formatDateTime, formatTime } from "@/lib/money-format";
import type { CheckedPayment, CodeAnswer } from "@/lib/payments/check-code";
import { payerName } from "../../../payer-name";
import { priceOf } from "../../../payment-amount";
import { checkCodeAction } from "./actions";

/** "Conferir código": whether what a customer shows is a payment of this store. Each opening begins with an empty field. */
export function CheckCodeDialog({ storeId, timeZone, isOpen, onOpenChange }: { storeId: string; timeZone: string; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const t = useTranslations("till.check");
  const [round, setRound] = useState(0);
  return (
    <>
      <Button kind="outline" size="medium" icon={<Icon of={ShieldCheck} />} onClick={() => onOpenChange(true)}>
        <span className="md:hidden">{t("short")}</span>
        <span className="max-md:hidden">{t("title")}</span>
      </Button>
      <Dialog
        title={t("title")}
        lead={t("lead")}
        isOpen={isOpen}
        onOpenChange={(open) => {
          onOpenChange(open);
          setRound((now) => now + 1);
        }}
      >
        <CheckCodeForm key={round} storeId={storeId} timeZone={timeZone} onAnother={() => setRound((now) => now + 1)} />
      </Dialog>
    </>
  );
}

function CheckCodeForm({ storeId, timeZone, onAnother }: { storeId: string; timeZone: string; onAnother: () => void }) {
  const t = useTranslations("till.check");
  const errorText = useErrorText();
  const [state, check] = useActionState(checkOrStay, null);
  const [code, setCode] = useState("");
  if (state?.ok) {
    return (
      <div className="grid gap-4">
        <Answer answer={state.value} timeZone={timeZone} />
        <Button kind="soft" isWide onClick={onAnother} autoFocus>
          {t("another")}
        </Button>
      </div>
    );
  }
  return (
    <form action={check} className="grid gap-4">
      <input type="hidden" name="storeId" value={storeId} />
      <Field
        label={t("label")}
        name="code"
        value={code}
        onChange={(event) => setCode(event.target.value.toUpperCase())}
        hint={t("hint")}
        error={state ? errorText(state.code, state.details) : null}
        autoFocus
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        maxLength={12}
        required
      />
      <SubmitButton isWide busyLabel={t("busy")}>
        {t("submit")}
      </SubmitButton>
    </form>
  );
}

/** Without a server the till must stay on the screen: the failure becomes a sentence in the dialog. */
async function checkOrStay(previous: ActionState<CodeAnswer>, form: FormData): Promise<ActionState<CodeAnswer>> {
  try {
    return await checkCodeAction(previous, form);
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, code: "unavailable", details: {} };
  }
}

const GROUNDS = { paid: "bg-paid text-on-paid", caution: "bg-caution-soft text-caution", danger: "bg-danger-soft text-danger" } as const;

function Verdict({ tone, icon, title, children }: { tone: keyof typeof GROUNDS; icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div role="status" className={`rounded-card px-5 py-4.5 ${GROUNDS[tone]}`}>
      <p className="flex items-center gap-3 font-display text-title font-[650]">
        <Icon of={icon} size="large" />
        {title}
      </p>
      <div className="mt-2 grid gap-1">{children}</div>
    </div>
  );
}

function Answer({ answer, timeZone }: { answer: CodeAnswer; timeZone: string }) {
  const t = useTranslations("till.check");
  const when = useWhen(timeZone);
  switch (answer.answer) {
    case "paid":
      return (
        <Verdict tone={answer.payment.isToday ? "paid" : "caution"} icon={answer.payment.isToday ? Check : History} title={t("paid")}>
          <PaymentLine payment={answer.payment} />
          <p>{t("paidAt", { when: when(answer.payment.paidAt) })}</p>
          {answer.payment.isToday ? null : <p className="font-semibold">{t("old")}</p>}
        </Verdict>
      );
    case "already_checked":
      return (
        <Verdict tone="caution" icon={History} title={t("already")}>
          <p>{answer.isOwnCheck ? t("alreadyOwn", { when: when(answer.checkedAt) }) : t("alreadyBy", { when: when(answer.checkedAt), name: answer.checkedBy ?? t("colleague") })}</p>
          <PaymentLine payment={answer.payment} />
          <p>{t("paidAt", { when: when(answer.payment.paidAt) })}</p>
        </Verdict>
      );
    case "checking":
      return (
        <Verdict tone="caution" icon={Clock} title={t("pending")}>
          <p>{t("pendingText")}</p>
        </Verdict>
      );
    case "not_found":
      return (
        <Verdict tone="danger" icon={CircleHelp} title={t("notFound")}>
          <p>{t("notFoundText")}</p>
        </Verdict>
      );
    case "not_this_store":
      return (
        <Verdict tone="danger" icon={Ban} title={t("notThisStore")}>
          <p>{t("notThisStoreText")}</p>
        </Verdict>
      );
    case "other_store":
      return (
        <Verdict tone="danger" icon={Store} title={t("otherStore")}>
          <p>{t("otherStoreText", { name: answer.storeName })}</p>
        </Verdict>
      );
  }
}

const PaymentLine = ({ payment }: { payment: CheckedPayment }) => {
  const t = useTranslations("till");
  return (
    <p className="text-heading font-semibold">
      <Money {...priceOf(payment)} /> · {payerName(payment, t)} · <span className="tracking-[.06em]">{payment.code}</span>
    </p>
  );
};

/** "às 14:02": the clock time for today's, day and time for everything older, in the store's zone. */
function useWhen(timeZone: string): (iso: string) => string {
  const t = useTranslations("till.check");
  const locale = useLocale();
  return (iso) => {
    const at = new Date(iso);
    return dayKey(at, timeZone) === dayKey(new Date(), timeZone) ? t("atTime", { time: formatTime(at, locale, timeZone) }) : t("onDay", { day: formatDateTime(at, locale, timeZone) });
  };
}
