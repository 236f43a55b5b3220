import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { endReasonOf } from './end-reason.ts'
import type { AppRouter } from './generated/api.ts'
import { isSession } from './session-link.ts'
import { createTokenKeeper, type TokenStorage } from './token-keeper.ts'

const RENEWALS = ['auth.refresh', 'auth.restore']
/** The calls that send the refresh token. */
const SENDERS = [...RENEWALS, 'auth.logout', 'identities.linkUrl']
const ENDS = ['auth.logout', 'auth.deactivate']

/** A fetch that asks for the refresh token in the body, and leaves the runtime's cookies out of it. */
export function withBodyTransport(fetchIt: typeof fetch): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-tollgate-transport', 'body')
    return fetchIt(input, { ...init, headers, credentials: 'omit' })
  }
}

/**
 * Sends the stored refresh token with the calls that need it. Takes it out of every answer that has one, and stores it
 * before the call is done.
 *
 * @param key of the token in the storage.
 * @param patienceMs how long a call waits for a storage that does not answer.
 */
export function tokenLink(storage: TokenStorage, key: string, patienceMs: number): TRPCLink<AppRouter> {
  const keeper = createTokenKeeper(storage, key, patienceMs)

  /** Keeps what an answer says about the token. @returns undefined if it says nothing. */
  function keep(path: string, fresh: string | undefined, sent: string | undefined, since: number) {
    const isRenewal = RENEWALS.includes(path)
    if (fresh !== undefined) return isRenewal ? keeper.replace(fresh, since) : keeper.begin(fresh)
    if (ENDS.includes(path)) return keeper.end()
    return isRenewal ? keeper.drop(sent, since) : undefined
  }

  return () =>
    ({ next, op }) =>
      observable((observer) => {
        let subscription: Unsubscribable | undefined
        let isClosed = false
        let kept: Promise<void> = Promise.resolve()

        async function send() {
          const isSender = SENDERS.includes(op.path)
          // A logout also ends the session of the access token, so it works without the stored one.
          const sent = isSender ? await keeper.read({ isOptional: op.path === 'auth.logout' }) : undefined
          if (isClosed) return
          const since = keeper.version
          const input = sent ? Object.assign({}, op.input, { refreshToken: sent }) : op.input
          subscription = next({ ...op, input }).subscribe({
            next(answer) {
              const { result } = answer
              if (result.type !== undefined && result.type !== 'data') return observer.next(answer)
              const { token, rest } = takenOut(result.data)
              const keeping = keep(op.path, token, sent, since)
              const shown = { ...answer, result: { ...result, data: rest } }
              if (keeping) kept = keeping.then(() => observer.next(shown))
              else observer.next(shown)
            },
            error(error) {
              const reason = RENEWALS.includes(op.path) ? endReasonOf(error) : null
              // With REPLACED, the token is good, but another user's.
              if (reason === null || reason === 'REPLACED') return observer.error(error)
              void keeper.drop(sent, since).then(() => observer.error(error))
            },
            complete: () => void kept.then(() => observer.complete()),
          })
        }

        send().catch((error: unknown) => {
          observer.error(TRPCClientError.from<AppRouter>(error instanceof Error ? error : new Error(String(error))))
        })
        return () => {
          isClosed = true
          subscription?.unsubscribe()
        }
      })
}

/** @returns the refresh token in an answer, and the answer without it. */
function takenOut(data: unknown): { token: string | undefined; rest: unknown } {
  if (typeof data !== 'object' || data === null) return { token: undefined, rest: data }
  if ('session' in data) {
    const { token, rest } = takenOut(data.session)
    return { token, rest: token === undefined ? data : { ...data, session: rest } }
  }
  // A procedure of the backend's own may return another refresh token, such as one of Google's.
  if (!isSession(data) || typeof data.refreshToken !== 'string') return { token: undefined, rest: data }
  const { refreshToken, ...session } = data
  return { token: refreshToken, rest: { ...session, refreshExpiresAt: undefined } }
}
