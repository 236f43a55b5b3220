import { TRPCClientError, type TRPCClient } from '@trpc/client'
import type { AppRouter, Reason } from './generated/api.ts'
import { inTime } from './in-time.ts'
import type { RouterOutputs } from './outputs.ts'
import type { TokenStorage } from './token-keeper.ts'

export type OAuthProvider = 'google' | 'github'

type AppSession = RouterOutputs['auth']['exchangeOAuthCode']

/** Login with Google or GitHub for an app that keeps its refresh token itself. */
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

export function appLogin(api: TRPCClient<AppRouter>, { storage, key, patienceMs }: Place): AppLogin {
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
    async beginOAuth(provider, { returnTo }) {
      const { url, codeVerifier } = await api.auth.oauthUrl.mutate({ provider, redirectTo: returnTo })
      kept = codeVerifier
      await quietly(() => storage.set(key, codeVerifier))
      return url
    },
    async exchangeOAuthCode(address) {
      const error = valueIn(address, 'error')
      if (error !== undefined) throw refused(REASONS.find((reason) => reason === error) ?? 'OAUTH_FAILED')
      const code = valueIn(address, 'code')
      if (code === undefined) throw new TypeError('exchangeOAuthCode: the address has neither a code nor an error.')
      const codeVerifier = kept ?? (await patiently(() => storage.get(key)))
      if (!codeVerifier) throw refused('OAUTH_STATE')
      const session = await api.auth.exchangeOAuthCode.mutate({ code, codeVerifier })
      // Not before: an address that another program has made up must not end a login that is under way.
      const isLatest = kept === undefined || kept === codeVerifier
      if (isLatest) {
        kept = undefined
        await quietly(() => storage.remove(key))
      }
      return session
    },
  }
}

const NO_STORAGE =
  'is for apps that were created with a storage. Send a browser to oauthUrl(…); it comes back with its cookie.'

/** For a client that keeps its refresh token in a cookie. */
export const noAppLogin: AppLogin = {
  beginOAuth: () => Promise.reject(new TypeError(`beginOAuth ${NO_STORAGE}`)),
  exchangeOAuthCode: () => Promise.reject(new TypeError(`exchangeOAuthCode ${NO_STORAGE}`)),
}

/** The server's values need no decoding. Not `URL`, because that of React Native can't read a query. */
const valueIn = (address: string, name: string): string | undefined =>
  new RegExp(`[?&]${name}=([^&#]+)`).exec(address)?.[1]

function refused(reason: Reason): TRPCClientError<AppRouter> {
  const data = { reason, code: 'BAD_REQUEST', httpStatus: 400 }
  return TRPCClientError.from({ error: { message: `The login did not work: ${reason}`, code: -32_600, data } })
}
