import { useQuery, useQueryClient } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { useUser } from '../session/use-user.ts'
import type { Subscription } from '../words/subscription-status.ts'

/** The reader's subscription as the backend has it; nobody is asked for before the address is verified. */
export function useSubscription() {
  const user = useUser()
  return useQuery({ ...trpc.billing.subscriptions.current.queryOptions(), enabled: user?.isVerified === true })
}

/** What every call that changes the subscription leaves in this page's memory: options for its mutation. */
export function useKeepSubscription() {
  const queryClient = useQueryClient()
  const current = trpc.billing.subscriptions.current
  return {
    /** An older answer that is on its way comes too late. */
    onMutate: () => queryClient.cancelQueries(current.queryFilter()),
    onSuccess(subscription: Subscription) {
      queryClient.setQueryData(current.queryKey(), subscription)
      void queryClient.invalidateQueries(trpc.billing.payments.pathFilter())
      void queryClient.invalidateQueries(trpc.billing.entitlement.queryFilter())
    },
    /** It may have been changed elsewhere, so that this page is behind. */
    onError: () => queryClient.invalidateQueries(current.queryFilter()),
  }
}
