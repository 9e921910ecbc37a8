import { newId } from "@/lib/ids";
import { anyoneRoute, member, memberRoute, type Row } from "./rows";

const SETTINGS = "(store)/stores/[storeId]/settings/actions";
const form = (fields: Record<string, string>): Row["send"] => (w) => ({ fields: { storeId: w.storeId, version: "0", ...fields } });

/** Settings, codes, closing, logos, and what anybody finds of a store. An old version stands for a form that came too late. */
export const PLACES_ROWS: Record<string, Row> = {
  [`${SETTINGS}#saveProfileAction`]: member("settings.manage", "settings_moved", form({ name: "Café Novo", description: "", category: "cafe", rewardNote: "" })),
  [`${SETTINGS}#savePlaceAction`]: member("settings.manage", "settings_moved", form({ address: "Rua Um, Barra", latitude: "", longitude: "" })),
  [`${SETTINGS}#saveHoursAction`]: member("settings.manage", "settings_moved", form({ week: "[[],[],[],[],[],[],[]]" })),
  [`${SETTINGS}#saveLinksAction`]: member("settings.manage", "settings_moved", form({ website: "", instagram: "" })),
  [`${SETTINGS}#saveBusinessAction`]: member("settings.manage", "settings_moved", form({ timeZone: "America/Sao_Paulo", tillCurrency: "BRL", legalName: "", cnpj: "", refundLimit: "" })),
  [`${SETTINGS}#closeStoreAction`]: member("store.close", "step_up_required", (w) => ({ fields: { storeId: w.storeId, name: "Café da Praia" } })),
  [`${SETTINGS}#reopenStoreAction`]: member("store.close", "ok", (w) => ({ fields: { storeId: w.storeId } })),
  [`${SETTINGS}#rotateCodeAction`]: member("settings.manage", "ok", (w) => ({ fields: { storeId: w.storeId, from: w.shortCode } })),
  // Without the Origin that a browser sends, also the owner is asked to come from our page.
  "api/stores/[storeId]/logo/route#POST": memberRoute("settings.manage", "http:400", (w) => ({ params: { storeId: w.storeId }, body: "no picture" })),
  "api/stores/[storeId]/logo/route#DELETE": memberRoute("settings.manage", "http:400", (w) => ({ params: { storeId: w.storeId } })),
  "(store)/stores/[storeId]/qr/kit/route#GET": memberRoute("till.use", "http:200", (w) => ({ params: { storeId: w.storeId }, query: "?file=a6" })),
  "api/logos/[storeId]/[hash]/[size]/route#GET": anyoneRoute("http:404", (w) => ({ params: { storeId: w.storeId, hash: "a".repeat(32), size: "large" } })),
  "api/share/[storeId]/route#GET": anyoneRoute("http:404", () => ({ params: { storeId: newId() } })),
  "api/map-worker/route#GET": anyoneRoute("http:200", () => ({})),
};
