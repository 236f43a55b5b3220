/** The ways in that are not ours: which account it is, the provider says. */
export type ProviderName = 'google' | 'github'

/** `verified`: the provider has seen that the address belongs to whoever holds the account. Normalised as ours are. */
export type ProvenAddress = { state: 'verified'; email: string } | { state: 'unverified' } | { state: 'none' }

/** What a provider says of somebody who has just logged in there. No token of his is in it, and none is kept. */
export interface ProviderAccount {
  readonly provider: ProviderName
  /** The provider's own id of the account: the only thing that an identity is found by. */
  readonly subject: string
  /** GitHub's name for the account, which may pass to somebody else; null where there is none. */
  readonly login: string | null
  readonly address: ProvenAddress
  readonly firstName: string | null
  readonly lastName: string | null
  readonly avatarUrl: string | null
}

/** What binds one log-in to the browser that began it; only that browser can make it again. */
export interface FlowSecrets {
  readonly state: string
  /** PKCE: a stolen code can't be exchanged without it. */
  readonly codeVerifier: string
  /** OpenID Connect: an ID token of another log-in can't be slipped in. */
  readonly nonce: string
}

/** A provider that speaks OAuth 2; the one place where the rest of auth meets it. */
export interface IdentityProvider {
  readonly name: ProviderName
  /**
   * Where to send the browser.
   *
   * @throws {OAuthFailed} the provider can't be reached, or is not what it says.
   */
  authorizationUrl(secrets: FlowSecrets): Promise<string>
  /**
   * Finds out who has come back, from the query that the provider's redirect brought along. Bounded in time and size.
   *
   * @throws {OAuthFailed} whatever is wrong with the answers.
   */
  identify(query: URLSearchParams, secrets: FlowSecrets): Promise<ProviderAccount>
}

export type IdentityProviders = Partial<Record<ProviderName, IdentityProvider>>
