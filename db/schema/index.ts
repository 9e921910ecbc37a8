export * from "./enums";
export * from "./people";
export * from "./stores";
export * from "./payments";
export * from "./balances";
export * from "./service";
export * from "./security";
export * from "./guests";
