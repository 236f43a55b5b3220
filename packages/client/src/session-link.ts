import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { isTollgateError } from './errors.ts'
import type { AppRouter } from './generated/api.ts'
import type { RouterOutputs } from './outputs.ts'
import type { SessionKeeper } from './session.ts'

/**
 * Keeps the session up to date from the answers that pass by: it takes the token from every answer that has one. When
 * the backend refuses a token, it refreshes the session and repeats the call once. A refused call has not run, so
 * repeating it is safe.
 */
export function sessionLink(session: SessionKeeper): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      observable((observer) => {
        let subscription: Unsubscribable | undefined
        let isClosed = false

        function attempt(isRepeat: boolean) {
          const sentWith = session.current?.accessToken
          subscription = next(op).subscribe({
            next(answer) {
              if (answer.result.type === undefined || answer.result.type === 'data') {
                const { data } = answer.result
                if (isSession(data)) session.set(data)
                if (op.path === 'auth.logout') session.set(null)
              }
              observer.next(answer)
            },
            error(error) {
              if (isRepeat || !isTollgateError(error, 'INVALID_TOKEN')) return observer.error(error)
              session.renew(sentWith).then(
                (renewed) => {
                  if (isClosed) return
                  if (renewed) attempt(true)
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

function isSession(data: unknown): data is RouterOutputs['auth']['login'] {
  return typeof data === 'object' && data !== null && 'accessToken' in data && 'tokenType' in data && 'user' in data
}

function asClientError(failure: unknown): TRPCClientError<AppRouter> {
  return TRPCClientError.from<AppRouter>(failure instanceof Error ? failure : new Error(String(failure)))
}
