import "server-only";
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { storeAccounts, storeDeployments, stores } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { addressUrl, chainName, transactionUrl } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { invariant } from "@/lib/errors";
import { requirePermission } from "@/lib/team/require-permission";
import { DEFAULT_TIME_ZONE, SETTINGS_SECTIONS, type SettingsSection } from "./rules";

export type StoreRow = typeof stores.$inferSelect;

/** What each part of the settings holds of a store's row, in the words of its columns. */
export const VALUES_OF = {
  profile: ({ name, description, category, rewardNote }: StoreRow) => ({ name, description, category, rewardNote }),
  place: ({ address, latitude, longitude }: StoreRow) => ({ address, latitude: sixDecimals(latitude), longitude: sixDecimals(longitude) }),
  hours: ({ openingHours }: StoreRow) => ({ openingHours }),
  links: ({ website, instagram }: StoreRow) => ({ website, instagram }),
  business: ({ timeZone, tillCurrency, legalName, cnpj, refundLimitUsdMicros }: StoreRow) => ({
    timeZone: timeZone ?? DEFAULT_TIME_ZONE,
    tillCurrency: tillCurrency ?? ("BRL" as const),
    legalName,
    cnpj,
    refundLimitUsdMicros: refundLimitUsdMicros?.toString() ?? null,
  }),
} satisfies Record<SettingsSection, (row: StoreRow) => Record<string, unknown>>;

/** As the form keeps them; the column has two more digits. */
const sixDecimals = (degrees: string | null) => (degrees === null ? null : Number(degrees).toFixed(6));

/** What a form was drawn from: two tabs that change the same part can't silently overwrite each other, other parts do not disturb. */
export const versionOf = (values: Record<string, unknown>): string => createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16);

export type StoreSettings = { [S in SettingsSection]: ReturnType<(typeof VALUES_OF)[S]> } & {
  versions: Record<SettingsSection, string>;
  symbol: string;
  rewardRateBps: number;
  logoHash: string | null;
  closedAt: Date | null;
  /** Where the store stands on each chain, for whoever opens the details. */
  chains: { name: string; projectId: number | null; account: Linked | null; token: Linked | null; terminal: Linked | null; deployedBy: Linked | null }[];
};
type Linked = { text: string; url: string };

/** Everything that an owner may look at and change. Fails with not_found, forbidden. */
export async function getSettings(actor: Actor, storeId: string): Promise<StoreSettings> {
  await requirePermission(db, actor, storeId, "settings.manage");
  const [[store], deployments, accounts] = await Promise.all([
    db.select().from(stores).where(eq(stores.id, storeId)),
    db.select().from(storeDeployments).where(eq(storeDeployments.storeId, storeId)),
    db.select({ chainId: storeAccounts.chainId, address: storeAccounts.address }).from(storeAccounts).where(eq(storeAccounts.storeId, storeId)),
  ]);
  invariant(store, `store ${storeId} has members and no row`);
  const chains = env().CHAIN_IDS.flatMap((chainId) => {
    const deployment = deployments.find((one) => one.chainId === chainId);
    if (!deployment) return [];
    const linked = (address: string | null | undefined): Linked | null => (address ? { text: address, url: addressUrl(chainId, address) } : null);
    return [
      {
        name: chainName(chainId),
        projectId: deployment.projectId,
        account: linked(accounts.find((account) => account.chainId === chainId)?.address),
        token: linked(deployment.tokenAddress),
        terminal: linked(deployment.terminalAddress),
        deployedBy: deployment.deployTxHash ? { text: deployment.deployTxHash, url: transactionUrl(chainId, deployment.deployTxHash) } : null,
      },
    ];
  });
  const values = { profile: VALUES_OF.profile(store), place: VALUES_OF.place(store), hours: VALUES_OF.hours(store), links: VALUES_OF.links(store), business: VALUES_OF.business(store) };
  const versions = Object.fromEntries(SETTINGS_SECTIONS.map((section) => [section, versionOf(values[section])])) as Record<SettingsSection, string>;
  return { ...values, versions, symbol: store.symbol, rewardRateBps: store.rewardRateBps ?? 0, logoHash: store.logoHash, closedAt: store.closedAt, chains };
}
