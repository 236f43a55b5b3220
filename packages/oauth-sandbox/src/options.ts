export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** A provider's endpoints for programs (not the authorize page, which is for people). */
export type Endpoint = 'discovery' | 'jwks' | 'token' | 'user' | 'emails'

/** What makes an ID token invalid. */
export type IdTokenLie =
  | 'issuer'
  | 'audience'
  | 'nonce'
  | 'no-nonce'
  | 'key'
  | 'alg-none'
  | 'alg-hs256'
  | 'expired'
  | 'subject-missing'

/** `slow` trickles and never ends, `huge` sends far too much, `down` is a 503, `garbage` is not JSON. */
export type AnswerLie = 'slow' | 'huge' | 'down' | 'garbage'

/** How the sandbox misbehaves, so that tests can see what becomes of a login. */
export interface Lies {
  readonly idToken?: IdTokenLie | undefined
  readonly answers?: Partial<Record<Endpoint, AnswerLie>> | undefined
}

export interface OAuthSandboxOptions {
  /** 0, the default, uses a free port. */
  readonly port?: number
  readonly host?: string
  /** Keeps created accounts and the signing key across restarts. */
  readonly stateFile?: string | undefined
  /** The credentials of the server; there are defaults. */
  readonly google?: ClientCredentials | undefined
  readonly github?: ClientCredentials | undefined
  /** Where GitHub's answers go when the server names no redirect_uri, as set for an app at GitHub. */
  readonly githubCallbackUrl?: string | undefined
  /** The base URL for browsers and programs, if it is not where the sandbox listens. */
  readonly publicUrl?: string | undefined
  readonly lies?: Lies
}

export interface OAuthSandbox {
  /** Without a trailing slash, like the other URLs. */
  readonly url: string
  readonly google: ClientCredentials & { readonly issuer: string }
  readonly github: ClientCredentials & { readonly url: string; readonly apiUrl: string }
  /** Replaces the current lies; `{}` ends all lies. */
  lie(lies: Lies): void
  [Symbol.asyncDispose](): Promise<void>
}
