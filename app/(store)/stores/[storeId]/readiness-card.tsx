import { Check, Clock, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import { Chip, type Tone } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { RowIcon } from "@/components/ui/row";
import { Spinner } from "@/components/ui/spinner";
import { chainName } from "@/lib/chain/chains";
import type { Deployment } from "@/lib/stores/queries";
import type { DeploymentStatus, Readiness } from "@/lib/stores/rules";
import { Details } from "./details";
import { RetryButton } from "./retry-button";

const TONES = { pending: "neutral", deploying: "brand", deployed: "positive", failed: "danger" } as const satisfies Record<DeploymentStatus, Tone>;
const READINESS_TONES = { ready: "positive", partly_ready: "positive", preparing: "brand", failed: "danger" } as const satisfies Record<Readiness, Tone>;
/** What the worker wrote of a failure can be long; the trail has all of it. */
const REASON_SHOWN = 160;

/** How far the store's opening is: one sentence for everybody, each chain under Details, and a way to try a failed one again. */
export function ReadinessCard({ storeId, readiness, deployments }: { storeId: string; readiness: Readiness; deployments: readonly Deployment[] }) {
  const t = useTranslations("store");
  const done = deployments.filter(({ status }) => status === "deployed").length;
  const share = deployments.length === 0 ? 0 : Math.round((100 * done) / deployments.length);
  const hasFailure = deployments.some(({ status }) => status === "failed");
  return (
    <Card aria-labelledby="readiness">
      <div className="flex items-center justify-between gap-3">
        <h2 id="readiness">{t(`readiness.${readiness}`)}</h2>
        <Chip tone={READINESS_TONES[readiness]}>{`${done}/${deployments.length}`}</Chip>
      </div>
      <p role="status" className="mt-1 text-small text-muted">
        {t(`readinessText.${readiness}`)}
      </p>
      {readiness === "ready" ? null : (
        <div aria-hidden="true" className="mt-4 h-2 overflow-hidden rounded-full bg-sunk">
          <div className="h-full rounded-full bg-brand transition-[width] duration-200" style={{ width: `${Math.max(share, 6)}%` }} />
        </div>
      )}
      <Details title={t("details.title")} isUrgent={hasFailure}>
        <ul className="divide-y divide-line">
          {deployments.map(({ chainId, status, errorMessage }) => (
            <li key={chainId} className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 py-2">
              <StatusIcon status={status} />
              <b className="min-w-0 flex-1 truncate font-semibold">{chainName(chainId)}</b>
              <Chip tone={TONES[status]}>{t(`deploymentStatus.${status}`)}</Chip>
              {status === "failed" ? (
                <div className="flex w-full flex-wrap items-center justify-between gap-3">
                  <p className="min-w-0 flex-1 basis-48 text-small break-words text-muted">{errorMessage ? t("details.reason", { reason: errorMessage.slice(0, REASON_SHOWN) }) : t("details.reasonUnknown")}</p>
                  <RetryButton storeId={storeId} chainId={chainId} />
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      </Details>
    </Card>
  );
}

function StatusIcon({ status }: { status: DeploymentStatus }) {
  if (status === "deployed") return <SmallIcon ground="positive" of={Check} />;
  if (status === "failed") return <SmallIcon ground="danger" of={TriangleAlert} />;
  if (status === "pending") return <SmallIcon ground="neutral" of={Clock} />;
  return (
    <RowIcon ground="brand">
      <Spinner />
    </RowIcon>
  );
}

const SmallIcon = ({ ground, of }: { ground: "positive" | "danger" | "neutral"; of: typeof Check }) => (
  <RowIcon ground={ground}>
    <Icon of={of} />
  </RowIcon>
);
