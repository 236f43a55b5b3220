import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useAccountInput } from '../../accounts/use-account.ts'
import { api, trpc } from '../../api.ts'
import type { TaxId } from '../../words/tax-ids.ts'

export type BillingDetails = RouterOutputs['billing']['details']['get']

/** The provider is asked once in this time, however often the page is opened. */
const STALE_AFTER_MS = 60_000

/** Who the account's invoices are made out to. */
export function useDetails({ isEnabled }: { isEnabled: boolean }) {
  const options = trpc.billing.details.get.queryOptions(useAccountInput())
  return useQuery({ ...options, enabled: isEnabled, staleTime: STALE_AFTER_MS, retry: false })
}

/** Mutation options that keep the details that a call has returned. */
export function useKeepDetails() {
  const queryClient = useQueryClient()
  const key = trpc.billing.details.get.queryKey(useAccountInput())
  return { onSuccess: (saved: BillingDetails) => void queryClient.setQueryData(key, saved) }
}

/** Changes the list of tax ids as it is at the provider now: the backend replaces all of them. */
export function useTaxIdChange() {
  const queryClient = useQueryClient()
  const account = useAccountInput()
  return useMutation({
    ...useKeepDetails(),
    async mutationFn(change: (present: readonly TaxId[]) => Pick<TaxId, 'type' | 'value'>[]) {
      const options = trpc.billing.details.get.queryOptions(account)
      const { taxIds } = await queryClient.query({ ...options, staleTime: 0 })
      const changed = change(taxIds).map(({ type, value }) => ({ type, value }))
      return api.billing.details.update.mutate({ ...account, taxIds: changed })
    },
  })
}
