import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { useUser } from '../../session/use-user.ts'
import type { Subscription } from '../../words/subscription-status.ts'

/** The account's subscription. It isn't requested before the address is verified, because the backend would refuse. */
export function useSubscription() {
  const user = useUser()
  const account = useAccountInput()
  return useQuery({ ...trpc.billing.subscriptions.current.queryOptions(account), enabled: user?.isVerified === true })
}

/** Mutation options for calls that change the subscription: they keep the cached billing data up to date. */
export function useKeepSubscription() {
  const queryClient = useQueryClient()
  const account = useAccountInput()
  const current = trpc.billing.subscriptions.current
  return {
    /** An older answer that is still underway must not overwrite the new one. */
    onMutate: () => queryClient.cancelQueries(current.queryFilter()),
    onSuccess(subscription: Subscription) {
      queryClient.setQueryData(current.queryKey(account), subscription)
      void queryClient.invalidateQueries(trpc.billing.payments.pathFilter())
      void queryClient.invalidateQueries(trpc.billing.entitlement.queryFilter())
      void queryClient.invalidateQueries(trpc.billing.entitlements.queryFilter())
    },
    /** The subscription may have changed elsewhere, so load it again. */
    onError: () => queryClient.invalidateQueries(current.queryFilter()),
  }
}
