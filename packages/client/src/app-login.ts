import { TRPCClientError, type TRPCClient } from '@trpc/client'
import type { AppRouter, Reason } from './generated/api.ts'
import { inTime } from './in-time.ts'
import type { RouterOutputs } from './outputs.ts'
import type { TokenStorage } from './token-keeper.ts'

export type OAuthProvider = 'google' | 'github'

type AppSession = RouterOutputs['auth']['exchangeOAuthCode']

/** The account of a provider that was linked. `email` is null for a GitHub account without an address. */
export type LinkedIdentity = RouterOutputs['identities']['exchangeLinkCode']

/** Google and GitHub for an app that keeps its refresh token itself: to log in, and to link an account. */
export interface AppLogin {
  /**
   * Begins a login with Google or GitHub in an app with `storage`.
   *
   * @param options.returnTo where the browser leads back to the app: one of the server's `APP_REDIRECT_URIS`.
   * @returns the URL to open in a browser, within ten minutes.
   * @throws {TollgateError} `INVALID_INPUT` if the server does not list `returnTo`.
   * @throws {TypeError} if the client has no `storage`.
   */
  beginOAuth(provider: OAuthProvider, options: { returnTo: string }): Promise<string>
  /**
   * Logs in with the address that the app was opened with after `beginOAuth`. A later `beginOAuth` replaces an earlier one.
   *
   * @throws {TollgateError} `OAUTH_DENIED`, `EMAIL_UNVERIFIED` and so on if the address says so; `OAUTH_STATE` if this
   *   app did not ask for it, or too long ago.
   * @throws {TypeError} if the address has neither a code nor an error, or the client has no `storage`.
   */
  exchangeOAuthCode(address: string): Promise<AppSession>
  /**
   * Begins to link a Google or GitHub account to the account of the session, in an app with `storage`.
   *
   * @param options.returnTo where the browser leads back to the app: one of the server's `APP_REDIRECT_URIS`.
   * @returns the URL to open in a browser, within ten minutes.
   * @throws {TollgateError} `INVALID_INPUT` if the server does not list `returnTo`.
   * @throws {TypeError} if the client has no `storage`.
   */
  beginLink(provider: OAuthProvider, options: { returnTo: string }): Promise<string>
  /**
   * Links the account, with the address that the app was opened with after `beginLink`. It has to be the same session.
   *
   * @throws {TollgateError} `OAUTH_DENIED` and so on if the address says so; `IDENTITY_TAKEN` if that account logs in to
   *   another account here; `OAUTH_STATE` if this session did not ask for it, or too long ago.
   * @throws {TypeError} if the address has neither a code nor an error, or the client has no `storage`.
   */
  exchangeLinkCode(address: string): Promise<LinkedIdentity>
}

/** What the address may say. Anyone can open an app with an address, so nothing else of it is shown. */
const REASONS: readonly Reason[] = [
  'OAUTH_DENIED',
  'OAUTH_STATE',
  'OAUTH_FAILED',
  'EMAIL_UNVERIFIED',
  'ACCOUNT_DISABLED',
  'SIGN_UP_DENIED',
  'HOOK_FAILED',
]

/** Where the verifier is kept, too: an app may be ended while the browser is in front. */
interface Place {
  readonly storage: TokenStorage
  readonly key: string
  /** How long a login waits for a storage that does not answer. */
  readonly patienceMs: number
}

export function appLogin(api: TRPCClient<AppRouter>, place: Place): AppLogin {
  const login = keptVerifier(place)
  const link = keptVerifier({ ...place, key: `${place.key}.link` })
  return {
    async beginOAuth(provider, { returnTo }) {
      return login.keep(await api.auth.oauthUrl.mutate({ provider, redirectTo: returnTo }))
    },
    exchangeOAuthCode: (address) =>
      login.use('exchangeOAuthCode', address, (proof) => api.auth.exchangeOAuthCode.mutate(proof)),
    async beginLink(provider, { returnTo }) {
      return link.keep(await api.identities.linkUrl.mutate({ provider, redirectTo: returnTo }))
    },
    exchangeLinkCode: (address) =>
      link.use('exchangeLinkCode', address, (proof) => api.identities.exchangeLinkCode.mutate(proof)),
  }
}

/** Keeps the verifier of the latest request until the browser has come back with its code. */
function keptVerifier({ storage, key, patienceMs }: Place) {
  let kept: string | undefined
  const patiently = <T>(work: () => T) => inTime(patienceMs, async () => work(), 'token storage')
  const quietly = async (work: () => unknown) => {
    try {
      await patiently(work)
    } catch {
      // The memory has it, too.
    }
  }
  return {
    async keep({ url, codeVerifier }: { url: string; codeVerifier: string }): Promise<string> {
      kept = codeVerifier
      await quietly(() => storage.set(key, codeVerifier))
      return url
    },
    async use<T>(
      name: string,
      address: string,
      exchange: (proof: { code: string; codeVerifier: string }) => Promise<T>,
    ): Promise<T> {
      const error = valueIn(address, 'error')
      if (error !== undefined) throw refused(REASONS.find((reason) => reason === error) ?? 'OAUTH_FAILED')
      const code = valueIn(address, 'code')
      if (code === undefined) throw new TypeError(`${name}: the address has neither a code nor an error.`)
      const codeVerifier = kept ?? (await patiently(() => storage.get(key)))
      if (!codeVerifier) throw refused('OAUTH_STATE')
      const exchanged = await exchange({ code, codeVerifier })
      // Not before: an address that another program has made up must not end a login that is under way.
      const isLatest = kept === undefined || kept === codeVerifier
      if (isLatest) {
        kept = undefined
        await quietly(() => storage.remove(key))
      }
      return exchanged
    },
  }
}

const NO_STORAGE =
  'is for apps that were created with a storage. In a browser, use oauthUrl(…) and api.identities.link, which work with its cookie.'

/** For a client that keeps its refresh token in a cookie. */
export const noAppLogin: AppLogin = {
  beginOAuth: () => Promise.reject(new TypeError(`beginOAuth ${NO_STORAGE}`)),
  exchangeOAuthCode: () => Promise.reject(new TypeError(`exchangeOAuthCode ${NO_STORAGE}`)),
  beginLink: () => Promise.reject(new TypeError(`beginLink ${NO_STORAGE}`)),
  exchangeLinkCode: () => Promise.reject(new TypeError(`exchangeLinkCode ${NO_STORAGE}`)),
}

/** The server's values need no decoding. Not `URL`, because that of React Native can't read a query. */
const valueIn = (address: string, name: string): string | undefined =>
  new RegExp(`[?&]${name}=([^&#]+)`).exec(address)?.[1]

function refused(reason: Reason): TRPCClientError<AppRouter> {
  const data = { reason, code: 'BAD_REQUEST', httpStatus: 400 }
  return TRPCClientError.from({ error: { message: `The login did not work: ${reason}`, code: -32_600, data } })
}
