import { useQuery, useQueryClient } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { useUser } from '../session/use-user.ts'
import type { Subscription } from '../words/subscription-status.ts'

/** The user's subscription. It isn't requested before the address is verified, because the backend would refuse. */
export function useSubscription() {
  const user = useUser()
  return useQuery({ ...trpc.billing.subscriptions.current.queryOptions(), enabled: user?.isVerified === true })
}

/** Mutation options for calls that change the subscription: they keep the cached billing data up to date. */
export function useKeepSubscription() {
  const queryClient = useQueryClient()
  const current = trpc.billing.subscriptions.current
  return {
    /** An older answer that is still underway must not overwrite the new one. */
    onMutate: () => queryClient.cancelQueries(current.queryFilter()),
    onSuccess(subscription: Subscription) {
      queryClient.setQueryData(current.queryKey(), subscription)
      void queryClient.invalidateQueries(trpc.billing.payments.pathFilter())
      void queryClient.invalidateQueries(trpc.billing.entitlement.queryFilter())
    },
    /** The subscription may have changed elsewhere, so load it again. */
    onError: () => queryClient.invalidateQueries(current.queryFilter()),
  }
}
