import { makeCharge } from "./made";
import { anyone, anyoneRoute, isSignedOut, type Row } from "./rows";

const REFERENCE = "a".repeat(32);
const WALLET = { address: `0x${"ab".repeat(20)}`, chainId: "84532" };
const PHONE = "48 99999-0096";

/** Open to anybody. */
export const PUBLIC_ROWS: Record<string, Row> = {
  "(auth)/backup/[token]/actions#declineBackupAction": anyone("not_found", { token: "A".repeat(22) }),
  "(auth)/invite/[token]/actions#declineInvitationAction": anyone("not_found", { token: "A".repeat(22) }),
  "(auth)/login/actions#requestCodeAction": anyone("phone_invalid", { phone: "1" }),
  "(auth)/login/actions#verifyCodeAction": anyone("code_expired", { phone: PHONE, code: "000000" }),
  "(auth)/login/actions#passkeySignInRequestAction": anyone("ok"),
  "(auth)/login/actions#signInByPasskeyAction": anyone("invalid_input", { answer: "{}", derived: "null" }),
  "(auth)/login/wallet/actions#walletSignInRequestAction": anyone("ok", WALLET),
  "(auth)/login/wallet/actions#walletSignInAction": anyone("wallet_refused", { message: "x", signature: "0x00" }),
  "(auth)/login/wallet/actions#verifyCodeAndLinkAction": anyone("code_expired", { phone: PHONE, code: "000000" }),
  // A price is for somebody: whoever is signed out goes to the sign-in with the amount kept.
  "(pay)/p/[code]/actions#quoteAction": {
    send: (world) => ({ fields: { shortCode: world.shortCode, amount: "4500" } }),
    answers: (kind) => (isSignedOut(kind) ? "to:/login" : "balance_insufficient"),
  },
  "(pay)/c/[chargeId]/actions#payChargeAction": {
    send: async (world) => ({ fields: { chargeId: await makeCharge(world) } }),
    answers: (kind) => (isSignedOut(kind) ? "to:/login" : "balance_insufficient"),
  },
  "(pay)/p/[code]/actions#openByWalletAction": anyone("to:/w/<secret>", (world) => ({ shortCode: world.shortCode, amount: "4500" })),
  "(pay)/w/[reference]/actions#prepareAction": anyone("not_found", { reference: REFERENCE, chainId: "84532", payer: WALLET.address }),
  "(pay)/w/[reference]/actions#reportAction": anyone("not_found", { reference: REFERENCE, chainId: "84532", payer: WALLET.address, txHash: `0x${"00".repeat(32)}` }),
  "(pay)/w/[reference]/actions#releaseAction": anyone("not_found", { reference: REFERENCE }),
  "(pay)/w/[reference]/status/route#GET": anyoneRoute("http:404", () => ({ params: { reference: REFERENCE } })),
  "(send)/send/actions#quoteSendAction": {
    send: () => ({ fields: { code: "nobody", amount: "4500" } }),
    answers: (kind) => (isSignedOut(kind) ? "to:/login" : "payee_unknown"),
  },
  "api/auth/ended/route#GET": { send: () => ({ query: "?next=/" }), answers: (kind) => (isSignedOut(kind) ? "to:/login" : "to:/") },
  "api/health/route#GET": anyoneRoute("http:503", () => ({})),
  "api/qr/[code]/route#GET": anyoneRoute("http:200", (world) => ({ params: { code: world.shortCode } })),
  // Signed by nobody.
  "api/webhooks/starkbank/route#POST": anyoneRoute("http:401", () => ({ body: "{}" })),
  "api/webhooks/avenia/route#POST": anyoneRoute("http:401", () => ({ body: "{}" })),
  "preferences/actions#chooseLocaleAction": anyone("ok", { locale: "en" }),
  "preferences/actions#chooseThemeAction": anyone("ok", { theme: "dark" }),
  // The sandbox is on in tests; production has none of it.
  "sandbox/actions#giveDollarsAction": anyone("not_found", { phone: PHONE, chainId: "84532" }),
  "sandbox/messages/route#GET": anyoneRoute("http:200", () => ({})),
};
