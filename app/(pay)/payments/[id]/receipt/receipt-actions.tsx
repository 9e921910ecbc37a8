"use client";

import { FileDown, Printer, Share } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useEffect } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { PaymentView } from "@/lib/payments/queries";
import { priceOfPayment } from "../price-of-payment";
import { ShareReceipt } from "./share-receipt";

/** The file, a link for somebody else where the payer may make one, and print. Paper is always the light theme. */
export function ReceiptActions({ payment, canLink }: { payment: PaymentView; canLink: boolean }) {
  const t = useTranslations("receipts");
  const pay = useTranslations("pay");
  usePaperTheme();
  return (
    <div className="mt-auto grid grid-cols-2 gap-2.5 pt-5 print:hidden">
      {/* A file, not a page: the router must not fetch it ahead. */}
      <a href={paths.receiptPdf(payment.id)} download className={buttonStyle({ kind: "soft", isWide: true })}>
        <Icon of={FileDown} />
        {t("pdf")}
      </a>
      {canLink ? <ShareReceipt payment={payment} /> : null}
      <div className={canLink ? "col-span-2" : undefined}>
        <Button kind={canLink ? "quiet" : "soft"} isWide icon={<Icon of={Printer} />} onClick={() => window.print()}>
          {pay("print")}
        </Button>
      </div>
    </div>
  );
}

/** The same for a wallet's payment, which has no account behind it: print (which also saves a PDF) and send as text. */
export function GuestReceiptActions({ payment }: { payment: PaymentView }) {
  const t = useTranslations("pay");
  const locale = useLocale();
  usePaperTheme();
  const { currency, amount } = priceOfPayment(payment);
  const text = t("shareText", { amount: currency === "BRL" ? formatBrl(amount, locale) : formatUsd(amount, locale), store: payment.store?.name ?? "", code: payment.confirmationCode ?? "" });
  async function send() {
    if (typeof navigator.share === "function") return navigator.share({ text }).catch(() => undefined);
    await navigator.clipboard.writeText(text);
    toast(t("shared"));
  }
  return (
    <div className="mt-auto grid grid-cols-2 gap-2.5 pt-5 print:hidden">
      <Button kind="soft" icon={<Icon of={Printer} />} onClick={() => window.print()}>
        {t("print")}
      </Button>
      <Button icon={<Icon of={Share} />} onClick={() => void send()}>
        {t("share")}
      </Button>
    </div>
  );
}

/** Dark ink on white while the browser draws the page for paper. */
function usePaperTheme() {
  useEffect(() => {
    const root = document.documentElement;
    let screen: string | undefined;
    const before = () => {
      screen = root.dataset["theme"];
      root.dataset["theme"] = "light";
    };
    const after = () => {
      if (screen === undefined) delete root.dataset["theme"];
      else root.dataset["theme"] = screen;
    };
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
}
