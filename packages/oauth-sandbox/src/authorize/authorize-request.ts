/** A valid request to the authorize page. */
export interface AuthorizeRequest {
  readonly clientId: string
  readonly redirectUri: string
  /** Whether the token request may leave it out, as at GitHub. */
  readonly mayOmitRedirectUri: boolean
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly scopes: readonly string[]
  readonly codeChallenge: string | undefined
}

/** Who may ask. */
export interface AuthorizeClient {
  readonly clientId: string
  /** Where answers go without a redirect_uri. Undefined if the provider requires one, empty if none was given. */
  readonly callbackUrl?: string | undefined
}

/** Hosts an answer may be sent to: only this machine, so that the sandbox is no open redirect. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Reads the query of the authorize page.
 *
 * @returns a message to show on the page if the request is invalid, because its redirect_uri can't be trusted.
 */
export function readAuthorizeRequest(
  query: URLSearchParams,
  { clientId, callbackUrl }: AuthorizeClient,
): AuthorizeRequest | string {
  const once = (name: string) => query.get(name) ?? undefined
  for (const name of new Set(query.keys()))
    if (query.getAll(name).length > 1) return `The parameter ${name} appears more than once.`
  if (once('client_id') !== clientId) return 'Unknown client_id.'

  const redirectUri = once('redirect_uri') ?? callbackUrl ?? ''
  if (redirectUri === '' && callbackUrl === '')
    return 'Without a redirect_uri, GitHub uses the callback URL of the app. Start the sandbox with --github-callback-url.'
  const target = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined
  if (!target || !/^https?:$/.test(target.protocol) || !LOOPBACK.has(target.hostname)) {
    return 'The redirect_uri must be a page on this machine (127.0.0.1 or localhost).'
  }
  if (once('response_type') !== undefined && once('response_type') !== 'code') return 'The response_type must be code.'

  const codeChallenge = once('code_challenge')
  if (codeChallenge !== undefined && once('code_challenge_method') !== 'S256') {
    return 'The code_challenge_method must be S256.'
  }
  return {
    clientId,
    redirectUri,
    mayOmitRedirectUri: callbackUrl !== undefined,
    state: once('state'),
    nonce: once('nonce'),
    scopes: (once('scope') ?? '').split(/[ ,]+/).filter(Boolean),
    codeChallenge,
  }
}
