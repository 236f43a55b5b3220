import { useQuery } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { useUser } from '../../session/use-user.ts'

/** The account's plan that waits for the end of the present one; null if there is none, or it isn't known yet. */
export function useUpcoming() {
  const user = useUser()
  const account = useAccountInput()
  const upcoming = useQuery({
    ...trpc.billing.subscriptions.upcoming.queryOptions(account),
    enabled: user?.isVerified === true,
  })
  return upcoming.data ?? null
}
