"use client";

import { Gift } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { noteTillPhoneAction } from "../pix/actions";
import type { PixNews } from "./pix-news";
import { usePixNews } from "./use-pix-news";

/** On the green screen of a sale by Pix: whose reward it is. Draws nothing for any other sale. Give it the charge's id as its key. */
export function PixReward({ storeId, chargeId }: { storeId: string; chargeId: string }) {
  const { news, ask } = usePixNews(storeId, chargeId);
  const view = news?.view;
  if (!view || view.reward.state === "none" || (view.shown !== "done" && view.shown !== "converting")) return null;
  return (
    <section className="mx-auto mt-4 w-[min(420px,calc(100vw-3rem))] rounded-card bg-card p-4 text-left text-ink shadow-1 md:mx-0" data-testid="pix-reward">
      <RewardForm storeId={storeId} view={view} onNoted={ask} />
    </section>
  );
}

function RewardForm({ storeId, view, onNoted }: { storeId: string; view: NonNullable<PixNews["view"]>; onNoted: () => Promise<void> }) {
  const t = useTranslations("tillpix.reward");
  const errorText = useErrorText();
  const [phone, setPhone] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isChanging, setChanging] = useState(false);
  const { reward } = view;

  const send = async (form: FormData) => {
    const answer = await noteTillPhoneAction(null, form).catch(() => null);
    if (!answer?.ok) return setProblem(errorText(answer?.code ?? "unavailable", answer?.details ?? {}));
    setProblem(null);
    setChanging(false);
    await onNoted();
  };

  if (reward.state === "told" && !isChanging) {
    return (
      <p role="status" className="flex items-start gap-2.5 font-semibold">
        <Icon of={Gift} className="mt-0.5 text-reward-ink" />
        <span>
          {t("told", { phone: reward.phoneShown ?? "" })}
          {reward.mayChange ? (
            <button type="button" onClick={() => setChanging(true)} className="block min-h-11 text-small font-semibold text-brand-ink underline">
              {t("change")}
            </button>
          ) : null}
        </span>
      </p>
    );
  }
  return (
    <div className="flex gap-4">
      <form action={send} noValidate className="grid min-w-0 flex-1 gap-2.5">
        <input type="hidden" name="storeId" value={storeId} />
        <input type="hidden" name="pixId" value={view.id} />
        <Field label={t("phone")} hint={t("lead")} name="phone" type="tel" inputMode="tel" autoComplete="off" size="medium" maxLength={40} value={phone} onChange={(event) => setPhone(event.target.value)} error={problem} />
        <SubmitButton size="medium" isWide busyLabel={t("sending")}>
          {t("send")}
        </SubmitButton>
      </form>
      <div className="w-28 flex-none max-md:hidden [&_svg]:h-auto [&_svg]:w-full">
        <p className="mb-1.5 text-caption text-muted">{t("scan")}</p>
        <div className="overflow-hidden rounded-control" dangerouslySetInnerHTML={{ __html: view.receiptQr }} />
      </div>
    </div>
  );
}
