import { BadgeCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { AreaMessages } from "@/components/area-messages";
import { RefreshEvery } from "@/components/refresh-every";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Chip, type Tone } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { IdentityStep, ReturnPage, StepState, StoreIdentityView } from "@/lib/store-identity/rules";
import { IdentityForm, StepDoneForm } from "./identity-forms";

const LOOK_MS = 2_000;
const TONES: Record<StepState, Tone> = { waiting: "neutral", said: "caution", checking: "caution", confirmed: "positive", refused: "danger" };

type Props = { storeId: string; identity: StoreIdentityView; isOwner: boolean; returnTo: ReturnPage };

/** The check as a card of its own, or one line once it is over; `approved` says what the store can do by it. */
export function StoreIdentityCard({ approved, ...props }: Props & { approved: string }) {
  if (props.identity.status === "approved") {
    return (
      <Note tone="positive" icon={<Icon of={BadgeCheck} />}>
        {approved}
      </Note>
    );
  }
  return (
    <Card aria-labelledby="identity">
      <StoreIdentity {...props} />
    </Card>
  );
}

/** Where the store stands with the partner, its steps, and the owner's next one. */
export function StoreIdentity({ storeId, identity: { status, isCompany, mayTryAgain, steps }, isOwner, returnTo }: Props) {
  const t = useTranslations("identity");
  const text = status === "rejected" && !mayTryAgain ? t("rejectedFinal") : status === "open" && isCompany ? t("openCompany") : t(status);
  const canStart = status === "none" || mayTryAgain;
  return (
    <AreaMessages areas={["identity"]}>
      <div role="status">
        <h2 id="identity">{t("title")}</h2>
        <p className="mt-1 max-w-[60ch] text-muted">{text}</p>
        {isOwner ? null : <p className="mt-1 text-small text-muted">{t("ownerOnly")}</p>}
      </div>
      <ol className="mt-4 divide-y divide-line" aria-label={t("steps")}>
        {steps.map((step) => (
          <li key={step.step} className="grid gap-3 py-3 md:grid-cols-[minmax(0,1fr)_auto] md:items-center">
            <div>
              <p className="flex flex-wrap items-center gap-2">
                <b>{t(`step.${step.step}`)}</b> <Chip tone={TONES[step.state]}>{t(`state.${step.state}`)}</Chip>
              </p>
              <p className="mt-0.5 text-small text-muted">{t(`stepText.${step.step}`)}</p>
            </div>
            {isOwner ? <StepWays storeId={storeId} step={step} isOpen={status === "open"} /> : null}
          </li>
        ))}
      </ol>
      {isOwner && canStart ? (
        <div className="mt-4 md:max-w-[320px]">
          <IdentityForm storeId={storeId} returnTo={returnTo} label={t(status === "none" ? "start" : "again")} />
        </div>
      ) : null}
      {status === "requested" || status === "open" || status === "processing" ? <RefreshEvery ms={LOOK_MS} /> : null}
    </AreaMessages>
  );
}

function StepWays({ storeId, step: { step, state, url }, isOpen }: { storeId: string; step: IdentityStep; isOpen: boolean }) {
  const t = useTranslations("identity");
  if (!url) return null;
  return (
    <div className="grid gap-1">
      <a href={url} rel="noreferrer" className={buttonStyle({ kind: state === "waiting" ? "primary" : "soft", size: "medium", isWide: true })}>
        {t(`open_${step}`)}
      </a>
      {step !== "person" && isOpen && state === "waiting" ? <StepDoneForm storeId={storeId} step={step} /> : null}
    </div>
  );
}
