import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { trpc } from '../../api.ts'
import { formatPrice } from '../../words/price.ts'
import type { Filter } from '../kit/filters.ts'
import { t } from '../texts/catalogue.ts'

/** A filter by plan. A code that stands in the URL counts before the plans are known, and after a plan is retired. */
export function usePlanFilter(): Filter<string> {
  const { data } = useQuery(trpc.billing.plans.list.queryOptions())
  return useMemo(
    () => ({
      kind: 'choice',
      label: t.people.plan,
      options: (data ?? []).map((plan) => ({
        value: plan.code,
        label: t.money.moves.target(plan.name, formatPrice(plan)),
      })),
      read: (written) => (/^[a-z0-9_-]{1,64}$/.test(written) ? written : undefined),
    }),
    [data],
  )
}
