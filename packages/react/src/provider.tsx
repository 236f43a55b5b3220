'use client'
import { useQueryClient } from '@tanstack/react-query'
import type { TollgateClient } from '@tollgate/client'
import { useEffect, useMemo, useState, type ReactElement, type ReactNode } from 'react'
import { followSession } from './follow-session.ts'
import type { User } from './states.ts'
import { TollgateContext, type TollgateContextValue } from './tollgate-context.ts'

/** Where the application keeps which account it is about, such as in the URL. Without it, the provider remembers it. */
export type AccountChoice =
  | { accountId?: undefined; onAccountChange?: undefined }
  | {
      /** The chosen account; null for the user's personal account. */
      accountId: string | null
      /** Called when a component chooses another account; with null for the personal account. */
      onAccountChange(accountId: string | null): void
    }

export type TollgateProviderProps = AccountChoice & {
  /** From `createTollgateClient`: one for the whole application. On a server: one for each request. */
  client: TollgateClient
  /**
   * What your server knows about the visitor, so that the first page already shows their name: their session, or null if
   * they have none. Only the user is read; never send an access token to a page. The browser then asks the backend.
   */
  initialSession?: { readonly user: User } | null
  children: ReactNode
}

/**
 * Gives the hooks below it their client. It needs a `QueryClientProvider` around it.
 *
 * In a browser, it restores the session of the refresh cookie. While a page is rendered on a server, it calls nothing.
 */
export function TollgateProvider(props: TollgateProviderProps): ReactElement {
  const { client, initialSession, accountId, onAccountChange, children } = props
  const { session } = client
  const queryClient = useQueryClient()
  // The choice of a user is not the next user's.
  const [remembered, remember] = useState<{ userId: string; accountId: string | null } | null>(null)

  useEffect(() => {
    const unfollow = followSession(session, queryClient)
    if (session.state.status === 'unknown') session.restore().catch(() => null) // its outcome is in session.state
    return unfollow
  }, [session, queryClient])

  const value = useMemo<TollgateContextValue>(
    () => ({
      client,
      initialSession,
      accountChosenBy(userId) {
        if (accountId !== undefined) return accountId
        return remembered?.userId === userId ? remembered.accountId : null
      },
      choose(userId, chosen) {
        if (onAccountChange) onAccountChange(chosen)
        else remember({ userId, accountId: chosen })
      },
    }),
    [client, initialSession, accountId, onAccountChange, remembered],
  )
  return <TollgateContext.Provider value={value}>{children}</TollgateContext.Provider>
}
