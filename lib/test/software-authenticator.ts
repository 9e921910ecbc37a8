import { createHash, createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { hexToBytes } from "@noble/hashes/utils.js";
import { keyOfPrf, proveKey } from "@/lib/accounts/derived-key.client";
import type { DerivedProof, NewPasskey, PasskeyAnswer } from "@/lib/auth/passkeys/rules";

/** Bytes as CBOR: only what an attestation needs (canonical maps keep the order they are given in). */
type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;
function cbor(value: Cbor): Buffer {
  const head = (major: number, size: number) => (size < 24 ? Buffer.of((major << 5) | size) : size < 256 ? Buffer.of((major << 5) | 24, size) : Buffer.of((major << 5) | 25, size >> 8, size & 255));
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

const ALGORITHMS = { ES256: -7, RS256: -257, EdDSA: -8, ES384: -35, ES256K: -47 } as const;
export type Algorithm = keyof typeof ALGORITHMS;

function newKey(algorithm: Algorithm): { privateKey: KeyObject; cose: Buffer } {
  const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64url");
  const coseOf = (entries: [number, Cbor][]) => cbor(new Map(entries));
  if (algorithm === "RS256") {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { n, e } = publicKey.export({ format: "jwk" });
    return { privateKey, cose: coseOf([[1, 3], [3, -257], [-1, bytes(n)], [-2, bytes(e)]]) };
  }
  if (algorithm === "EdDSA") {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    return { privateKey, cose: coseOf([[1, 1], [3, -8], [-1, 6], [-2, bytes(publicKey.export({ format: "jwk" }).x)]]) };
  }
  const [namedCurve, curve] = algorithm === "ES384" ? (["P-384", 2] as const) : algorithm === "ES256K" ? (["secp256k1", 8] as const) : (["P-256", 1] as const);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  const { x, y } = publicKey.export({ format: "jwk" });
  return { privateKey, cose: coseOf([[1, 2], [3, ALGORITHMS[algorithm]], [-1, curve], [-2, bytes(x)], [-3, bytes(y)]]) };
}

export const FLAGS = { UP: 0x01, UV: 0x04, BE: 0x08, BS: 0x10, AT: 0x40, ED: 0x80 } as const;
const USUAL_FLAGS = FLAGS.UP | FLAGS.UV | FLAGS.BE | FLAGS.BS;

/** What a browser would say and an authenticator would sign; a test changes one of these and signs the result honestly. */
export type Ceremony = { origin?: string; rpId?: string; type?: string; flags?: number; signCount?: number; clientData?: Record<string, unknown>; handle?: string | null };

/** One passkey in software: real keys, real signatures, real attestation "none". Its PRF secret moves with it, as in a synced password manager. */
export class SoftwarePasskey {
  readonly credentialId: string;
  signCount = 0;
  private readonly key;
  private readonly prfSecret = randomBytes(32);

  constructor(
    readonly userHandle: string,
    readonly algorithm: Algorithm = "ES256",
    private readonly site = { origin: "http://localhost:3000", rpId: "localhost" },
    credentialId = randomBytes(16).toString("base64url"),
  ) {
    this.credentialId = credentialId;
    this.key = newKey(algorithm);
  }

  /** HMAC over the salt as the specification prefixes it. */
  prf(salt = "cocopay/prf/v1"): Uint8Array {
    const hashed = createHash("sha256").update(Buffer.concat([Buffer.from("WebAuthn PRF\0"), Buffer.from(salt)])).digest();
    return Uint8Array.from(createHmac("sha256", this.prfSecret).update(hashed).digest());
  }

  /** The key of its PRF output, proven over a challenge. */
  derived(challenge: string): DerivedProof {
    return proveKey(keyOfPrf(this.prf()), challenge);
  }

  create(challenge: string, ceremony: Ceremony = {}, { attestation, aaguid = Buffer.alloc(16), transports = ["internal"] }: { attestation?: (plain: Map<string, Cbor>, signed: (bytes: Buffer) => Buffer) => Map<string, Cbor>; aaguid?: Buffer; transports?: string[] } = {}): NewPasskey {
    const id = Buffer.from(this.credentialId, "base64url");
    const clientDataJson = this.clientData(challenge, { type: "webauthn.create", ...ceremony });
    const credential = Buffer.concat([aaguid, Buffer.of(id.length >> 8, id.length & 255), id, this.key.cose]);
    const authenticatorData = Buffer.concat([this.authenticatorData({ ...ceremony, flags: (ceremony.flags ?? USUAL_FLAGS) | FLAGS.AT }), credential]);
    const plain = new Map<string, Cbor>([["fmt", "none"], ["attStmt", new Map()], ["authData", authenticatorData]]);
    const signed = (bytes: Buffer) => this.sign(bytes);
    return { credentialId: this.credentialId, clientDataJson, attestationObject: cbor(attestation ? attestation(plain, signed) : plain).toString("base64url"), transports: transports as NewPasskey["transports"] };
  }

  get(challenge: string, ceremony: Ceremony = {}): PasskeyAnswer {
    const clientDataJson = this.clientData(challenge, ceremony);
    const authenticatorData = this.authenticatorData(ceremony);
    return {
      credentialId: this.credentialId,
      clientDataJson,
      authenticatorData: authenticatorData.toString("base64url"),
      signature: this.sign(Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJson, "base64url"))])).toString("base64url"),
      userHandle: ceremony.handle === undefined ? this.userHandle : ceremony.handle,
    };
  }

  sign(bytes: Buffer): Buffer {
    return sign(this.algorithm === "EdDSA" ? null : this.algorithm === "ES384" ? "sha384" : "sha256", bytes, this.key.privateKey);
  }

  private clientData(challenge: string, { type = "webauthn.get", origin = this.site.origin, clientData = {} }: Ceremony): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData })).toString("base64url");
  }

  private authenticatorData({ rpId = this.site.rpId, flags = USUAL_FLAGS, signCount = this.signCount }: Ceremony): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(signCount);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.of(flags), counter]);
  }
}

/** The order of P-256: for the other, equally valid half of a signature. */
export const P256_ORDER = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

/** An ECDSA signature (r, s) as DER, as authenticators write it. */
export function derOf(r: bigint, s: bigint): Buffer {
  const integer = (value: bigint) => {
    const hex = value.toString(16);
    const bytes = hexToBytes(hex.length % 2 ? `0${hex}` : hex);
    const padded = (bytes[0] ?? 0) >= 128 ? Buffer.concat([Buffer.of(0), bytes]) : Buffer.from(bytes);
    return Buffer.concat([Buffer.of(2, padded.length), padded]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** The numbers of a DER signature. */
export function numbersOf(der: Buffer): { r: bigint; s: bigint } {
  const read = (at: number) => ({ value: BigInt(`0x${der.subarray(at + 2, at + 2 + der[at + 1]!).toString("hex")}`), next: at + 2 + der[at + 1]! });
  const r = read(2);
  return { r: r.value, s: read(r.next).value };
}

const sha256 = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();
