/** The providers that can log a user in. */
export type ProviderName = 'google' | 'github'

/** `verified`: the provider has checked that the account's holder owns the address, which is normalized like ours. */
export type ProvenAddress = { state: 'verified'; email: string } | { state: 'unverified' } | { state: 'none' }

/** What a provider says about a user who has just logged in there. It contains no token, and we keep none. */
export interface ProviderAccount {
  readonly provider: ProviderName
  /** The provider's own id of the account. An identity is found only by this. */
  readonly subject: string
  /** The account's login at GitHub, which may pass to another person; null for Google. */
  readonly login: string | null
  readonly address: ProvenAddress
  readonly firstName: string | null
  readonly lastName: string | null
  readonly avatarUrl: string | null
}

/** The secrets that bind an OAuth login to its browser. Only that browser can derive them again. */
export interface FlowSecrets {
  readonly state: string
  /** PKCE: without it, a stolen code can't be exchanged. */
  readonly codeVerifier: string
  /** OpenID Connect: prevents the injection of another login's ID token. */
  readonly nonce: string
}

/** The port through which auth uses an OAuth 2 provider. */
export interface IdentityProvider {
  readonly name: ProviderName
  /**
   * Creates the URL to send the browser to.
   *
   * @throws {OAuthFailed} when the provider can't be reached, or its metadata is wrong.
   */
  authorizationUrl(secrets: FlowSecrets): Promise<string>
  /**
   * Finds the user's account from the query of the provider's redirect. Bounded in time and size.
   *
   * @throws {OAuthFailed} when any answer of the provider is wrong.
   */
  identify(query: URLSearchParams, secrets: FlowSecrets): Promise<ProviderAccount>
}

export type IdentityProviders = Partial<Record<ProviderName, IdentityProvider>>
