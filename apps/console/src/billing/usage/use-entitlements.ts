import { useQuery } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'

/** What the account may use now, feature by feature. */
export function useEntitlements() {
  const account = useAccountInput()
  return useQuery(trpc.billing.entitlements.queryOptions(account))
}
