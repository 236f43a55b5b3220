import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'

export type CardList = RouterOutputs['billing']['cards']['list']
export type Card = CardList['items'][number]

/** The cards of the account's subscription. Only for one whose cards are managed here. */
export function useCards({ isEnabled }: { isEnabled: boolean }) {
  return useQuery({ ...trpc.billing.cards.list.queryOptions(useAccountInput()), enabled: isEnabled, retry: false })
}

/** Keeps the cards that a call has returned. */
export function useKeepCards() {
  const account = useAccountInput()
  const queryClient = useQueryClient()
  return {
    async onSuccess({ items, retriesAt }: CardList) {
      queryClient.setQueryData(trpc.billing.cards.list.queryKey(account), { items, retriesAt })
      await queryClient.invalidateQueries(trpc.billing.paymentMethod.pathFilter())
    },
  }
}
