'use client'
import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { loadedOf, queryOf } from './queries.ts'
import { userKey } from './query-keys.ts'
import type { NoSession } from './states.ts'
import { useTollgateContext } from './tollgate-context.ts'
import { useAccountIdOf } from './use-account.ts'
import { useLogin } from './use-session.ts'

/** Whether the chosen account still has its free trial. */
export type Trial = RouterOutputs['billing']['trial']

/** `isAvailable` is true only if the backend has said so. */
export type TrialState =
  | (NoSession & { readonly isAvailable: false })
  | ({ readonly status: 'ready' } & Readonly<Trial>)

/**
 * Whether a plan that the chosen account buys now begins with its free trial: `trialDays` of a plan count only then. On a
 * pricing page, a visitor (`out`) may still have their trial.
 */
export function useTrial(): TrialState {
  const { client } = useTollgateContext()
  const login = useLogin()
  const userId = login.status === 'in' ? login.user.id : ''
  const accountId = useAccountIdOf(login)
  const query = useQuery({
    ...queryOf(client, userId, () => client.api.billing.trial.query({ accountId })),
    queryKey: userKey(userId, 'trial', accountId),
    enabled: login.status === 'in' && login.isConfirmed,
  })
  if (login.status !== 'in') return { ...login, isAvailable: false }
  const loaded = loadedOf(query)
  return loaded.status === 'ready' ? { status: 'ready', ...loaded.data } : { ...loaded, isAvailable: false }
}
