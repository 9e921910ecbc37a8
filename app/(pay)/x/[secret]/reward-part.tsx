import { useLocale, useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { PixReceipt } from "@/lib/tillpix/queries";
import { LeavePhone, TakeReward } from "./reward-forms";

/** Whose the sale's reward is, and the next step of whoever looks. */
export function RewardPart({ secret, receipt: { shown, reward }, isSignedIn }: { secret: string; receipt: PixReceipt; isSignedIn: boolean }) {
  const t = useTranslations("tillpix.receipt");
  const locale = useLocale();
  const isPaid = shown === "paid" || shown === "converting" || shown === "done";
  if (!isPaid) return <p className="text-muted">{t("notPaid")}</p>;
  if (reward.state === "none") return <p className="text-muted">{t("none")}</p>;
  const worth = reward.usdMicros !== null && reward.usdMicros > 0n ? <p className="text-muted">{t("rewardWorth", { amount: formatUsd(reward.usdMicros, locale) })}</p> : null;
  const told = reward.phoneShown ? t("told", { phone: reward.phoneShown }) : null;
  if (isSignedIn && reward.isTheirs) {
    if (reward.state === "sent") {
      return (
        <>
          <Note tone="reward" isLive>
            {t("sent")}
          </Note>
          <LinkButton kind="soft" isWide href={paths.rewards()}>
            {t("see")}
          </LinkButton>
        </>
      );
    }
    if (reward.state === "sending") {
      return (
        <Note tone="reward" isLive>
          {t("sending")}
        </Note>
      );
    }
    return (
      <>
        {worth}
        <TakeReward secret={secret} />
      </>
    );
  }
  if (isSignedIn) return <Note tone="neutral">{told ?? t("gone")}</Note>;
  return (
    <>
      {worth}
      {told ? (
        <Note tone="reward" isLive>
          {told}
        </Note>
      ) : (
        <p className="text-muted">{t("waits")}</p>
      )}
      {/* A whole load: the sign-in's pages have a policy of their own. */}
      <a href={paths.login(paths.pixReceipt(secret))} className={buttonStyle({ isWide: true })}>
        {t("signIn")}
      </a>
      {!told && reward.mayNote ? (
        <div className="grid gap-3 border-t border-line pt-4">
          <p className="text-small text-muted">{t("orPhone")}</p>
          <LeavePhone secret={secret} />
        </div>
      ) : null}
    </>
  );
}
