"use client";

import { Check, Copy, QrCode as QrIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Icon } from "@/components/ui/icon";
import { Note, type NoteTone } from "@/components/ui/note";
import { QuoteRing } from "@/components/ui/quote-ring";
import { Spinner } from "@/components/ui/spinner";
import { formatUsd } from "@/lib/money-format";
import type { ShownTillPix } from "@/lib/tillpix/rules";
import { CODE_SECONDS } from "@/lib/topups/rules";
import { askTillPixAction } from "../pix/actions";
import type { PixNews } from "./pix-news";
import { usePixNews } from "./use-pix-news";

export const PIX_TONES: Record<ShownTillPix, NoteTone> = {
  asked: "info", open: "info", held: "caution", paid: "info", converting: "info", done: "positive", expired: "neutral", underpaid: "danger", paid_twice: "danger", paid_late: "danger", returned: "neutral", refused: "danger",
};

/**
 * Pix beside our own code: one button on the waiting screen of a charge, the bank's code over it, and every end by its name. `isPayable`: the charge
 * can still be paid by anybody. Draws nothing where Pix at the till is not offered. Give it the charge's id as its key.
 */
export function PixSide({ storeId, chargeId, isPayable }: { storeId: string; chargeId: string; isPayable: boolean }) {
  const t = useTranslations("tillpix");
  const errorText = useErrorText();
  const { news, ask } = usePixNews(storeId, chargeId);
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (!news || (!news.view && (!news.isReady || !isPayable))) return null;
  const { view } = news;

  const open = async (wanted: boolean) => {
    setOpen(wanted);
    if (!wanted || view || isAsking) return;
    setProblem(null);
    setAsking(true);
    const form = new FormData();
    form.set("storeId", storeId);
    form.set("chargeId", chargeId);
    const answer = await askTillPixAction(null, form).catch(() => null);
    if (!answer?.ok) setProblem(errorText(answer?.code ?? "unavailable", answer?.details ?? {}));
    await ask();
    setAsking(false);
  };

  const isCode = !view || view.shown === "asked" || view.shown === "open";
  return (
    <div className="grid gap-2" data-testid="pix-side">
      {view && !isCode ? (
        <Note tone={PIX_TONES[view.shown]} isLive>
          <b className="block" data-testid="pix-state">
            {t(`states.${view.shown}`)}
          </b>
          {t(`explain.${view.shown}`)}
          {view.hasSecondPayment ? <span className="mt-1 block">{t("second")}</span> : null}
        </Note>
      ) : null}
      {isCode && (isPayable || view) ? (
        <Dialog
          title={t("dialogTitle")}
          lead={t("dialogLead")}
          isOpen={isOpen}
          onOpenChange={(wanted) => void open(wanted)}
          trigger={
            <Button kind="outline" size="till" isWide icon={<Icon of={QrIcon} />}>
              {t(view ? "showAgain" : "show")}
            </Button>
          }
        >
          {problem ? (
            <div role="alert" className="pb-4">
              <Note tone="danger">{problem}</Note>
            </div>
          ) : (
            <BankCode view={view} onEnd={() => void ask()} />
          )}
        </Dialog>
      ) : null}
    </div>
  );
}

/** The code that any bank's app reads, and the same as text. */
function BankCode({ view, onEnd }: { view: PixNews["view"]; onEnd: () => void }) {
  const t = useTranslations("tillpix");
  const locale = useLocale();
  if (!view?.code || !view.qr) {
    return (
      <p role="status" className="flex items-center justify-center gap-2.5 py-16 text-muted">
        <Spinner /> {t("preparing")}
      </p>
    );
  }
  return (
    <div className="grid justify-items-center gap-3 pb-5 text-center md:pb-0">
      <MoneyDisplay currency="BRL" amount={BigInt(view.amountBrlCentavos)} size="l" />
      <div className="w-full max-w-[320px] overflow-hidden rounded-card shadow-1 [&_svg]:h-auto [&_svg]:w-full" data-testid="pix-qr" dangerouslySetInnerHTML={{ __html: view.qr }} />
      <QuoteRing secondsLeft={view.code.secondsLeft} totalSeconds={CODE_SECONDS} label={(seconds) => t("left", { time: clockOf(seconds) })} onEnd={onEnd} />
      <CopyText text={view.code.brCode} />
      {view.quotedUsdMicros ? <p className="text-small text-muted">{t("brings", { amount: formatUsd(BigInt(view.quotedUsdMicros), locale) })}</p> : null}
      <p role="status" className="flex items-center justify-center gap-2.5 text-small text-muted">
        <Spinner /> {t("states.open")}
      </p>
      {view.code.bankUrl ? (
        <a href={view.code.bankUrl} target="_blank" rel="noreferrer" className="grid min-h-11 place-items-center text-small font-semibold text-brand-ink underline underline-offset-3">
          {t("details.bank")}
        </a>
      ) : null}
    </div>
  );
}

function CopyText({ text }: { text: string }) {
  const t = useTranslations("tillpix");
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div className="grid w-full gap-2">
      <Button kind="soft" isWide onClick={copy} icon={<Icon of={isCopied ? Check : Copy} />}>
        {t(isCopied ? "copied" : "copy")}
      </Button>
      <p data-testid="pix-code" className="rounded-control bg-sunk px-3 py-2.5 text-left font-mono text-caption break-all text-ink select-all">
        {text}
      </p>
    </div>
  );
}

/** "9:07". */
const clockOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
