'use client'
import { useQuery } from '@tanstack/react-query'
import type { FeatureName, RouterOutputs } from '@tollgate/client'
import { loadedOf, queryOf } from './queries.ts'
import { userKey } from './query-keys.ts'
import type { NoSession } from './states.ts'
import { useTollgateContext } from './tollgate-context.ts'
import { useAccountIdOf } from './use-account.ts'
import { useLogin } from './use-session.ts'

type Features = RouterOutputs['billing']['entitlements']['features']

/** What the chosen account may use of a feature. */
export type Entitlement = Features[keyof Features]

/** `allowed` is true only if the backend has said so. */
export type EntitlementState =
  | (NoSession & { readonly allowed: false })
  /** No plan names this feature. */
  | { readonly status: 'not-found'; readonly allowed: false }
  | ({ readonly status: 'ready' } & Readonly<Entitlement>)

/**
 * What the chosen account may use of a feature. It is for the page: your backend must check it again before it does
 * what the feature is for.
 *
 * @param feature one of your plans' features, once your plans are registered (`Register` of `@tollgate/client`).
 */
export function useEntitlement(feature: FeatureName): EntitlementState {
  const { client } = useTollgateContext()
  const login = useLogin()
  const userId = login.status === 'in' ? login.user.id : ''
  const accountId = useAccountIdOf(login)
  const query = useQuery({
    ...queryOf(client, userId, () => client.api.billing.entitlements.query({ accountId })),
    queryKey: userKey(userId, 'entitlements', accountId),
    enabled: login.status === 'in' && login.isConfirmed,
  })
  if (login.status !== 'in') return { ...login, allowed: false }
  const loaded = loadedOf(query)
  if (loaded.status !== 'ready') return { ...loaded, allowed: false }
  const features: Partial<Features> = loaded.data.features
  const entitlement = Object.hasOwn(features, feature) ? features[feature] : undefined
  return entitlement ? { status: 'ready', ...entitlement } : { status: 'not-found', allowed: false }
}
