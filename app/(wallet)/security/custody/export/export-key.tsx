"use client";

import { Copy, Eye, KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { formOf } from "@/app/step-up/form-of";
import { useStepUp } from "@/app/step-up/use-step-up";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { newRecipient, openKeyExport } from "@/lib/accounts/open-key-export.client";
import { fetchExportAction, requestExportAction } from "../actions";

const POLL_MS = 400;
const WAIT_LIMIT_MS = 30_000;
/** Somebody who walked away must not leave a key on the screen. */
const SHOWN_LIMIT_MS = 120_000;

type State = { at: "start" | "asking" | "gone" } | { at: "ready" | "shown"; key: Uint8Array };

/** Warns, asks, opens the sealed key in this page and shows it behind one more tap. It leaves the page with the tap, the time or the page. */
export function ExportKey({ account, serverKeys }: { account: string; serverKeys: readonly string[] }) {
  const t = useTranslations("custody.export");
  const errorText = useErrorText();
  const { ask, dialog } = useStepUp();
  const [state, setState] = useState<State>({ at: "start" });
  const [error, setError] = useState<string>();
  const opened = "key" in state ? state.key : null;
  const end = () => {
    opened?.fill(0);
    setState({ at: "gone" });
  };
  useEffect(() => {
    if (!opened) return;
    const wipe = () => {
      opened.fill(0);
      setState({ at: "gone" });
    };
    const timer = setTimeout(wipe, SHOWN_LIMIT_MS);
    // A page that is kept for "back" must not keep the key.
    window.addEventListener("pagehide", wipe);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", wipe);
    };
  }, [opened]);
  // Leaving by a link unmounts: the bytes go with it.
  const latest = useRef(opened);
  useEffect(() => {
    latest.current = opened;
  }, [opened]);
  useEffect(() => () => void latest.current?.fill(0), []);

  const request = async () => {
    setError(undefined);
    setState({ at: "asking" });
    try {
      const { recipientKey, privateKey } = await newRecipient();
      let answer = await requestExportAction(null, formOf({ recipientKey }));
      if (answer?.ok === false && answer.code === "step_up_required" && (await ask("key_export"))) answer = await requestExportAction(null, formOf({ recipientKey }));
      if (!answer?.ok) {
        setState({ at: "start" });
        if (answer && answer.code !== "step_up_required") setError(errorText(answer.code, answer.details));
        return;
      }
      const { exportId } = answer.value;
      const sealed = await fetchSealed(exportId);
      const exported = await openKeyExport({ sealed, exportId, privateKey });
      if (!serverKeys.includes(exported.address)) throw new Error("This is not the account's key");
      setState({ at: "ready", key: exported.key });
    } catch {
      setState({ at: "start" });
      setError(t("failed"));
    }
  };

  const copy = async () => {
    if (!opened) return;
    await navigator.clipboard.writeText(hexOf(opened));
    toast(t("copied"));
  };

  return (
    <>
      <Card as="div">
        <p>{t("lead")}</p>
        <ul className="mt-3 grid gap-2">
          {(["warnOne", "warnTwo", "warnThree"] as const).map((warning) => (
            <li key={warning}>
              <Note tone={warning === "warnOne" ? "danger" : "caution"}>{t(warning)}</Note>
            </li>
          ))}
        </ul>
      </Card>
      {error ? (
        <div role="alert">
          <Note tone="danger">{error}</Note>
        </div>
      ) : null}
      {state.at === "gone" ? <Note isLive>{t("gone")}</Note> : null}
      {state.at === "ready" ? (
        <>
          <Note tone="neutral" isLive icon={<Icon of={KeyRound} />}>
            {t("ready")}
          </Note>
          <Button isWide icon={<Icon of={Eye} />} onClick={() => setState({ at: "shown", key: state.key })}>
            {t("show")}
          </Button>
        </>
      ) : state.at === "shown" ? (
        <Card aria-labelledby="key">
          <h2 id="key" className="font-sans text-label tracking-normal">
            {t("label")}
          </h2>
          <p className="mt-2 rounded-control bg-sunk p-4 font-mono text-small break-all" data-testid="account-key" translate="no">
            {hexOf(state.key)}
          </p>
          <dl className="mt-3 text-small text-muted">
            <dt>{t("details.account")}</dt>
            <dd className="font-mono text-caption break-all">{account}</dd>
          </dl>
          <div className="mt-4 grid gap-2">
            <Button kind="soft" isWide icon={<Icon of={Copy} />} onClick={() => void copy()}>
              {t("copy")}
            </Button>
            <Button kind="outline" isWide onClick={end}>
              {t("hide")}
            </Button>
          </div>
        </Card>
      ) : (
        <Button kind="danger" isWide busy={state.at === "asking" && t("asking")} onClick={() => void request()}>
          {t("ask")}
        </Button>
      )}
      {dialog}
    </>
  );
}

const hexOf = (bytes: Uint8Array): string => `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

async function fetchSealed(exportId: string): Promise<string> {
  for (const until = Date.now() + WAIT_LIMIT_MS; Date.now() < until; ) {
    const answer = await fetchExportAction(null, formOf({ exportId }));
    if (!answer?.ok) throw new Error(answer?.code ?? "unavailable");
    if (answer.value) return answer.value.sealed;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error("unavailable");
}
