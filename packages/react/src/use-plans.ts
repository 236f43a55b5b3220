'use client'
import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { loadedOf, publicQueryOf } from './queries.ts'
import { publicKey } from './query-keys.ts'
import type { Failed, Loading } from './states.ts'
import { useTollgateContext } from './tollgate-context.ts'

export type Plan = RouterOutputs['billing']['plans']['list'][number]

export type PlansState = Loading | Failed | { readonly status: 'ready'; readonly plans: readonly Plan[] }

/** Plans change rarely. */
const STALE_AFTER_MS = 60_000

/** The plans on sale, for a pricing page. It needs no login. */
export function usePlans(): PlansState {
  const { client } = useTollgateContext()
  const query = useQuery({
    ...publicQueryOf(() => client.api.billing.plans.list.query()),
    queryKey: publicKey('plans'),
    staleTime: STALE_AFTER_MS,
  })
  const loaded = loadedOf(query)
  return loaded.status === 'ready' ? { status: 'ready', plans: loaded.data } : loaded
}
