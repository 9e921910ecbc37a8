import type { CDPSession, Page } from "@playwright/test";

/** A credential of the virtual authenticator as the DevTools protocol hands it out. */
type Credential = Awaited<ReturnType<Authenticator["credentials"]>>[number];

/**
 * A virtual authenticator at one page: a platform passkey with fingerprint that says yes by itself. `hasPrf: false` is a device that signs
 * in and derives no key. `copyTo` puts its passkeys onto another page's authenticator, as a synced password manager would.
 */
export class Authenticator {
  private constructor(
    private readonly cdp: CDPSession,
    private readonly id: string,
  ) {}

  static async attach(page: Page, { hasPrf = true }: { hasPrf?: boolean } = {}): Promise<Authenticator> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable", { enableUI: false });
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        hasPrf,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        defaultBackupEligibility: true,
        defaultBackupState: true,
      },
    });
    return new Authenticator(cdp, authenticatorId);
  }

  async credentials() {
    const { credentials } = await this.cdp.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return credentials;
  }

  async add(credential: Credential) {
    await this.cdp.send("WebAuthn.addCredential", { authenticatorId: this.id, credential });
  }

  /** Syncs every passkey to another page's authenticator. */
  async copyTo(other: Authenticator) {
    for (const credential of await this.credentials()) await other.add(credential);
  }

  /** The person says no, or takes too long: touches are answered by nobody. */
  async setPresent(isPresent: boolean) {
    await this.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.id, enabled: isPresent });
  }

  /** The finger is not the person's. */
  async setVerified(isVerified: boolean) {
    await this.cdp.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified: isVerified });
  }

  async forget(credentialId: string) {
    await this.cdp.send("WebAuthn.removeCredential", { authenticatorId: this.id, credentialId });
  }
}
