import { TRPCClientError, type Operation, type TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { isTollgateError } from './errors.ts'
import type { AppRouter } from './generated/api.ts'
import type { RouterOutputs } from './outputs.ts'
import type { SessionKeeper } from './session.ts'

const SENT_BY = 'tollgateUser'

/** The calls that may be about another account than the caller's. */
const LOGINS = ['auth.login', 'auth.loginWithCode', 'auth.exchangeOAuthCode']

/** The calls that are about the session of the refresh cookie. */
const COOKIE_CALLS = ['auth.logout', 'auth.refresh', 'auth.restore']

/** The user who was logged in when a call was made; undefined if the client knew of none. */
const senderOf = ({ context }: Pick<Operation, 'context'>): string | undefined => {
  const userId = context[SENT_BY]
  return typeof userId === 'string' ? userId : undefined
}

/**
 * Keeps the session up to date from the answers that pass by: it takes the token from every answer that has one. When
 * the backend refuses a token, it refreshes the session and repeats the call once. A refused call has not run, so
 * repeating it is safe.
 *
 * It never repeats a call for another user. Another tab may have logged in with another account, whose cookie this tab
 * then has.
 */
export function sessionLink(session: SessionKeeper): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      observable((observer) => {
        let subscription: Unsubscribable | undefined
        let isClosed = false
        const sender = session.userId
        const isForSender = () => sender === undefined || session.userId === sender

        function attempt(isRepeat: boolean) {
          const sentWith = session.accessToken
          subscription = next({ ...op, context: { ...op.context, [SENT_BY]: sender } }).subscribe({
            next(answer) {
              if (answer.result.type === undefined || answer.result.type === 'data') {
                keep(session, op.path, sender, answer.result.data)
              }
              observer.next(answer)
            },
            error(error) {
              const isDisabled = isTollgateError(error, 'ACCOUNT_DISABLED') && !LOGINS.includes(op.path)
              if (isDisabled && sender !== undefined && isForSender()) session.end('ACCOUNT_DISABLED')
              if (isTollgateError(error, 'REPLACED') && sender !== undefined && isForSender()) session.end('REPLACED')
              const isRefused = isTollgateError(error, 'INVALID_TOKEN') && session.state.status !== 'out'
              if (isRepeat || !isRefused || !isForSender()) return observer.error(error)
              session.renew(sentWith).then(
                (renewed) => {
                  if (isClosed) return
                  if (renewed && isForSender()) attempt(true)
                  else observer.error(error)
                },
                (failure: unknown) => observer.error(asClientError(failure)),
              )
            },
            complete: () => observer.complete(),
          })
        }

        attempt(false)
        return () => {
          isClosed = true
          subscription?.unsubscribe()
        }
      })
}

function keep(session: SessionKeeper, path: string, sender: string | undefined, data: unknown): void {
  const isOthers = sender !== undefined && session.current !== null && session.current.user.id !== sender
  if ((path === 'auth.logout' || path === 'auth.deactivate') && !isOthers) session.set(null)
  const opened = path === 'auth.restore' && isRestored(data) ? data.session : data
  if (!isSession(opened)) return
  const isRefresh = path === 'auth.refresh' || path === 'auth.restore'
  if (isRefresh && session.current !== null && session.current.user.id !== opened.user.id) session.end('REPLACED')
  else session.set(opened)
}

/**
 * The headers of a request: the access token, unless a call in it was made for another user. The backend then refuses
 * that call.
 */
export function headersFor(session: SessionKeeper, calls: readonly Operation[]): Record<string, string> {
  const isForCurrent = calls.every((call) => [undefined, session.userId].includes(senderOf(call)))
  const cookieCall = calls.find(({ path }) => COOKIE_CALLS.includes(path))
  const userId = cookieCall && (senderOf(cookieCall) ?? session.lastUserId)
  return {
    ...(isForCurrent ? bearer(session.accessToken) : {}),
    ...namedUser(userId),
  }
}

/** Names the user whose session a call is about, so that the backend touches no other user's. */
export const namedUser = (userId: string | undefined): Record<string, string> =>
  userId === undefined ? {} : { 'x-tollgate-user': userId }

export const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

export function isSession(data: unknown): data is RouterOutputs['auth']['login'] {
  return typeof data === 'object' && data !== null && 'accessToken' in data && 'tokenType' in data && 'user' in data
}

const isRestored = (data: unknown): data is { session: unknown } =>
  typeof data === 'object' && data !== null && 'session' in data

function asClientError(failure: unknown): TRPCClientError<AppRouter> {
  return TRPCClientError.from<AppRouter>(failure instanceof Error ? failure : new Error(String(failure)))
}
