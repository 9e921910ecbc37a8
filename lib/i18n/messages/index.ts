import type { Locale } from "../locale";
import { activity } from "./activity";
import { auth } from "./auth";
import { bonus } from "./bonus";
import { common } from "./common";
import { errors } from "./errors";
import { parts } from "./parts";
import { pay } from "./pay";
import { sandbox } from "./sandbox";
import { store } from "./store";
import { till } from "./till";
import { custody } from "./custody";
import { signing } from "./signing";
import { takeover } from "./takeover";
import { guest } from "./guest";
import { limits } from "./limits";
import { notices } from "./notices";
import { passkeys } from "./passkeys";
import { privacy } from "./privacy";
import { receipts } from "./receipts";
import { recovery } from "./recovery";
import { rewards } from "./rewards";
import { security } from "./security";
import { receive } from "./receive";
import { requests } from "./requests";
import { transfers } from "./transfers";
import { together } from "./together";
import { topups } from "./topups";
import { charges } from "./charges";
import { sale } from "./sale";
import { items } from "./items";
import { identity } from "./identity";
import { tillpix } from "./tillpix";
import { invitations } from "./invitations";
import { seats } from "./seats";
import { sharedtill } from "./sharedtill";
import { team } from "./team";
import { refunds } from "./refunds";
import { payouts } from "./payouts";
import { analytics } from "./analytics";
import { exports } from "./exports";
import { settings } from "./settings";
import { explore } from "./explore";
import { audit } from "./audit";
import { wallets } from "./wallets";
import { wallet } from "./wallet";

/** Every area by its namespace, which is its file's name: `useTranslations("pay")` reads pay.ts. */
export const AREAS = { common, auth, pay, parts, wallet, bonus, store, till, sandbox, security, passkeys, wallets, guest, custody, takeover, signing, limits, recovery, privacy, notices, together, transfers, receive, requests, receipts, activity, rewards, topups, charges, sale, items, identity, tillpix, team, invitations, seats, sharedtill, refunds, payouts, analytics, exports, settings, explore, audit, errors } as const;
export type Area = keyof typeof AREAS;
export type Messages = { [A in Area]: (typeof AREAS)[A]["pt-BR"] };

/** All texts of one language. */
export function messagesOf(locale: Locale): Messages {
  return {
    common: common[locale],
    auth: auth[locale],
    pay: pay[locale],
    parts: parts[locale],
    wallet: wallet[locale],
    bonus: bonus[locale],
    store: store[locale],
    till: till[locale],
    sandbox: sandbox[locale],
    security: security[locale],
    passkeys: passkeys[locale],
    wallets: wallets[locale],
    guest: guest[locale],
    custody: custody[locale],
    takeover: takeover[locale],
    signing: signing[locale],
    limits: limits[locale],
    recovery: recovery[locale],
    privacy: privacy[locale],
    notices: notices[locale],
    transfers: transfers[locale],
    receive: receive[locale],
    requests: requests[locale],
    receipts: receipts[locale],
    activity: activity[locale],
    rewards: rewards[locale],
    together: together[locale],
    topups: topups[locale],
    charges: charges[locale],
    sale: sale[locale],
    items: items[locale],
    identity: identity[locale],
    tillpix: tillpix[locale],
    team: team[locale],
    invitations: invitations[locale],
    seats: seats[locale],
    sharedtill: sharedtill[locale],
    refunds: refunds[locale],
    payouts: payouts[locale],
    analytics: analytics[locale],
    exports: exports[locale],
    settings: settings[locale],
    explore: explore[locale],
    audit: audit[locale],
    errors: errors[locale],
  };
}
