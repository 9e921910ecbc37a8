import type { Route } from "next";
import type { ReactNode } from "react";
import { PageHeader } from "@/components/page-header";
import { paths } from "@/lib/paths";
import { WalletShell } from "../wallet-shell";

/** The frame of every room of Security: its title, the way back, cards below each other. */
export function SecurityPage({ title, backHref = paths.security(), children }: { title: string; backHref?: Route; children: ReactNode }) {
  return (
    <WalletShell current="profile">
      <div className="lg:mt-6">
        <PageHeader title={title} backHref={backHref} />
      </div>
      <div className="mt-2 grid gap-3 px-3">{children}</div>
    </WalletShell>
  );
}
