import type { Route } from "next";
import type { ReactNode } from "react";
import { AccountNotices } from "@/app/account/account-notices";
import { PageHeader } from "@/components/page-header";
import { LiveRefresh } from "@/components/live-refresh";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { WalletShell } from "../wallet-shell";

/** The frame of every room of Security: its title, the way back, what other devices did, cards below each other. It follows live news. */
export async function SecurityPage({ title, backHref = paths.security(), children }: { title: string; backHref?: Route; children: ReactNode }) {
  const actor = await requireActor();
  return (
    <WalletShell current="profile">
      <LiveRefresh url={paths.liveMe()} />
      <div className="lg:mt-6">
        <PageHeader title={title} backHref={backHref} />
      </div>
      <div className="mt-2 grid gap-3 px-3">
        <AccountNotices actor={actor} />
        {children}
      </div>
    </WalletShell>
  );
}
