import { newId } from "@/lib/ids";
import { makeCharge, makeDestination, makeInvitation, makeOutsideSale, makePayout, makeSale, makeTill, shareDevice } from "./made";
import type { World } from "./people";
import { member, memberRoute, person, type Row } from "./rows";

const STORE = "(store)/stores/[storeId]";
const PIN = "7391";
/** An admin's change of the team asks for a second factor first. */
const BY_SIGNATURE = { owner: "ok", admin: "step_up_required" };

/** The store's id with other fields. */
const fields = (more: Record<string, string> | ((world: World) => Record<string, string> | Promise<Record<string, string>>) = {}): Row["send"] =>
  async (world) => ({ fields: { storeId: world.storeId, ...(typeof more === "function" ? await more(world) : more) } });
const params = (more: (world: World) => Promise<Record<string, string>> | Record<string, string> = () => ({}), query = ""): Row["send"] =>
  async (world) => ({ params: { storeId: world.storeId, ...(await more(world)) }, query });

const opening: Record<string, Row> = {
  "(store)/stores/new/actions#openStoreAction": person("reward_rate_invalid", { formKey: newId(), name: "Padaria", symbol: "PADARIA", category: "cafe", place: "Centro", rewardRateBps: "x" }),
  "(store)/stores/new/actions#checkSymbolAction": person("ok", { symbol: "PADARIA", name: "Padaria" }),
  [`${STORE}/actions#retryDeploymentAction`]: member("deployments.retry", "deployment_not_failed", fields({ chainId: "84532" })),
};

const till: Record<string, Row> = {
  [`${STORE}/till/actions#checkCodeAction`]: member("code.check", "ok", fields({ code: "A7B3C9" })),
  [`${STORE}/till/actions#readTillAction`]: member("till.use", "ok", fields()),
  [`${STORE}/till/actions#makeChargeAction`]: member("charges.make", "ok", fields(() => ({ key: newId(), currency: "BRL", amount: "4500", typed: "4500" }))),
  [`${STORE}/till/actions#cancelChargeAction`]: member("charges.make", "ok", fields(async (w) => ({ chargeId: await makeCharge(w) }))),
  [`${STORE}/till/actions#chooseTillAction`]: member("till.use", "ok", fields({ tillId: "" })),
  [`${STORE}/till/actions#addTillAction`]: member("tills.manage", "ok", fields({ name: "Caixa 9" })),
  [`${STORE}/till/actions#removeTillAction`]: member("tills.manage", "ok", fields(async (w) => ({ tillId: await makeTill(w) }))),
  [`${STORE}/till/locked/route#GET`]: memberRoute("till.use", "http:200", params()),
  [`${STORE}/till/charges/[chargeId]/route#GET`]: memberRoute("charges.make", "http:200", params(async (w) => ({ chargeId: await makeCharge(w) }))),
  [`${STORE}/till/share/actions#shareTillAction`]: member("till.use", "pin_missing", fields({ idleMinutes: "5" })),
  [`${STORE}/till/share/actions#unlockTillAction`]: member("till.use", "pin_missing", fields(async (w) => (await shareDevice(w), { userId: w.staffId, pin: PIN }))),
  [`${STORE}/till/share/actions#lockTillAction`]: member("till.use", "ok", fields()),
  [`${STORE}/till/share/actions#tillPulseAction`]: member("till.use", "ok", fields()),
  [`${STORE}/till/share/actions#unshareTillAction`]: member("till.use", "pin_missing", fields(async (w) => (await shareDevice(w), { pin: PIN }))),
  [`${STORE}/till/share/actions#signOutOfTillAction`]: person("to:/login", (w) => ({ storeId: w.storeId })),
  "api/live/stores/[storeId]/route#GET": memberRoute("till.use", "http:200", params()),
};

const team: Record<string, Row> = {
  [`${STORE}/pin/actions#setPinAction`]: member("till.use", "ok", fields({ pin: PIN })),
  [`${STORE}/pin/actions#leaveTeamAction`]: { ...member("team.leave", "to:/stores", fields()), answers: (kind) => (kind === "owner" ? "owner_must_stay" : member("team.leave", "to:/stores", fields()).answers(kind)) },
  [`${STORE}/team/actions#inviteMemberAction`]: member("team.manage_staff", BY_SIGNATURE, fields({ phone: "48 97777-0001", role: "staff" })),
  [`${STORE}/team/actions#resendInvitationAction`]: member("team.manage_staff", BY_SIGNATURE, fields(async (w) => ({ invitationId: await makeInvitation(w) }))),
  [`${STORE}/team/actions#cancelInvitationAction`]: member("team.manage_staff", "ok", fields(async (w) => ({ invitationId: await makeInvitation(w) }))),
  [`${STORE}/team/actions#changeRoleAction`]: member("team.manage_admins", "step_up_required", fields((w) => ({ userId: w.staffId, role: "admin" }))),
  [`${STORE}/team/actions#removeMemberAction`]: member("team.manage_staff", BY_SIGNATURE, fields((w) => ({ userId: w.staffId }))),
  [`${STORE}/team/actions#handOverAction`]: member("ownership.transfer", "step_up_required", fields((w) => ({ userId: w.staffId }))),
  [`${STORE}/team/actions#unlockPinAction`]: member("tills.override", "pin_missing", fields((w) => ({ userId: w.staffId }))),
  "(store)/stores/actions#acceptMyInvitationAction": person("not_found", { invitationId: newId() }),
  "(store)/stores/actions#declineMyInvitationAction": person("not_found", { invitationId: newId() }),
};

const sales: Record<string, Row> = {
  [`${STORE}/payments/[transactionId]/actions#quoteRefundAction`]: member("refunds.make", "refund_not_funded", fields(async (w) => ({ transactionId: await makeSale(w), amount: "100" }))),
  [`${STORE}/payments/[transactionId]/actions#requestRefundAction`]: member("refunds.make", "refund_not_funded", fields(async (w) => ({ transactionId: await makeSale(w), amount: "100", reason: "Veio frio", key: newId(), goneUnits: "0" }))),
  [`${STORE}/payments/[transactionId]/actions#sendBackAction`]: member("guest_payments.refund", "refund_not_possible", fields(async (w) => ({ transactionId: await makeOutsideSale(w) }))),
};

const payouts: Record<string, Row> = {
  [`${STORE}/payouts/actions#quotePayoutAction`]: member("payouts.manage", "payout_balance", fields((w) => ({ to: `balance:${w.userIds.owner}`, currency: "BRL", amount: "1000" }))),
  // The price is looked at first, and nobody but whom it was made for can open one.
  [`${STORE}/payouts/actions#refreshPayoutAction`]: person("quote_invalid", (w) => ({ storeId: w.storeId, k: newId(), q: "x" })),
  [`${STORE}/payouts/actions#requestPayoutAction`]: member("payouts.manage", "quote_invalid", fields(() => ({ k: newId(), q: "x" }))),
  [`${STORE}/payouts/actions#acceptOfferAction`]: member("payouts.manage", "step_up_required", fields(async (w) => ({ payoutId: await makePayout(w), offered: "100" }))),
  [`${STORE}/payouts/actions#retryPayoutAction`]: member("payouts.manage", "step_up_required", fields(async (w) => ({ payoutId: await makePayout(w), destinationId: "" }))),
  [`${STORE}/payouts/actions#addDestinationAction`]: member("payouts.manage", "address_invalid", fields({ type: "wallet", address: "0x1" })),
  [`${STORE}/payouts/actions#confirmDestinationAction`]: member("payouts.manage", "step_up_required", fields(async (w) => ({ destinationId: await makeDestination(w, null) }))),
  [`${STORE}/payouts/actions#removeDestinationAction`]: member("payouts.manage", "to:/stores/<id>/payouts/destinations", fields(async (w) => ({ destinationId: await makeDestination(w) }))),
  // Not completed yet: an owner gets no receipt either.
  [`${STORE}/payouts/[payoutId]/receipt/route#GET`]: memberRoute("payouts.manage", "http:404", params(async (w) => ({ payoutId: await makePayout(w) }))),
  [`${STORE}/payouts/statement/route#GET`]: memberRoute("payouts.manage", "http:200", params(() => ({}), "?month=2026-11")),
};

const files: Record<string, Row> = {
  [`${STORE}/exports/payments/route#GET`]: memberRoute("exports.download", "http:200", params(() => ({}), "?format=pt-BR&period=day")),
  [`${STORE}/exports/payouts/route#GET`]: memberRoute("payouts.manage", "http:200", params(() => ({}), "?format=pt-BR&period=day")),
  [`${STORE}/exports/close-day/route#GET`]: memberRoute("exports.download", "http:200", params()),
  [`${STORE}/exports/ofx/route#GET`]: memberRoute("exports.download", "http:200", params(() => ({}), "?period=day")),
  [`${STORE}/exports/statement/route#GET`]: memberRoute("exports.download", "http:200", params(() => ({}), "?period=day")),
};

/** What is done in a store's name. */
export const STORE_ROWS: Record<string, Row> = { ...opening, ...till, ...team, ...sales, ...payouts, ...files };
