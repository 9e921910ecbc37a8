import fc from "fast-check";
import { expect, test } from "vitest";
import { loanTerms } from "@/lib/chain/loan-math";
import { brlCentavosFromUsd } from "@/lib/money";
import { guaranteedNet, priceClaim, type Place } from "./price-claim";
import { CLAIM_MIN_USD_MICROS, ClaimTerms, feeLinesBrlCentavos, guaranteedOf, termsToJson } from "./rules";

const RUNS = 500;
const placeArbitrary = fc.record({ surplusUsdMicros: fc.bigInt(10n ** 7n, 10n ** 12n), supplyUnits: fc.bigInt(10n ** 22n, 10n ** 27n), borrowedUsdMicros: fc.bigInt(0n, 10n ** 11n), collateralUnits: fc.bigInt(0n, 10n ** 24n) })
  .map((state): Place => ({ storeId: "019ac5c0-0000-7000-8000-000000000001", chainId: "84532", projectId: 4, state: { ...state, cashOutTaxRate: 0 }, cashOutDelayUntil: 0, now: 1_800_000_000 }));
const share = fc.bigInt(1n, 10_000n);
const ways = fc.constantFrom("cash_out" as const, "advance" as const);

/** A claim on some of a place's tokens; null where it would be too small or the store can't pay it. */
function claimOf(way: "cash_out" | "advance", place: Place, bps: bigint): ClaimTerms | null {
  try {
    return priceClaim(way, place, (place.state.supplyUnits * bps) / 10_000n);
  } catch {
    return null;
  }
}

test("the lines of a claim add up in centavos, and none is below zero", () => {
  fc.assert(fc.property(placeArbitrary, share, ways, fc.bigInt(3_000_000n, 9_000_000n), (place, bps, way, rate) => {
    const claim = claimOf(way, place, bps);
    const fees = claim && feeLinesBrlCentavos(claim, rate);
    if (!claim || !fees) return;
    expect(brlCentavosFromUsd(claim.grossUsdMicros, rate) - fees.store - fees.protocol - fees.network).toBe(brlCentavosFromUsd(claim.netUsdMicros, rate));
    expect(fees.store >= 0n && fees.protocol >= 0n && fees.network >= 0n).toBe(true);
  }), { numRuns: RUNS });
});

test("what is guaranteed is never more than what is shown, and never much less", () => {
  fc.assert(fc.property(placeArbitrary, share, ways, (place, bps, way) => {
    const claim = claimOf(way, place, bps);
    if (!claim) return;
    const least = guaranteedNet(claim);
    expect(claim.netUsdMicros >= CLAIM_MIN_USD_MICROS && least <= claim.netUsdMicros && least + 4n >= guaranteedOf(claim.netUsdMicros)).toBe(true);
  }), { numRuns: RUNS });
});

test("terms come back from JSON as they went in", () => {
  fc.assert(fc.property(placeArbitrary, share, ways, (place, bps, way) => {
    const claim = claimOf(way, place, bps);
    if (claim) expect(ClaimTerms.parse(JSON.parse(JSON.stringify(termsToJson(claim))))).toEqual(claim);
  }), { numRuns: RUNS });
});

test("an advance of the page costs what the contract's terms say", () => {
  fc.assert(fc.property(placeArbitrary, share, (place, bps) => {
    const claim = claimOf("advance", place, bps);
    if (claim) expect(claim.netUsdMicros).toBe(loanTerms(place.state, { units: claim.units }).netUsdMicros);
  }), { numRuns: RUNS });
});
