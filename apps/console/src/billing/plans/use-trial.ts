import { useQuery } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { useUser } from '../../session/use-user.ts'
import type { Trial } from '../../words/trial.ts'

/** The account's trial, as the backend decides it. A user without a verified address counts as a visitor. */
export function useTrial(): { trial: Trial; isLoading: boolean } {
  const user = useUser()
  const account = useAccountInput()
  const isKnown = user?.isVerified === true
  const { data, isLoading } = useQuery({ ...trpc.billing.trial.queryOptions(account), enabled: isKnown })
  return { trial: isKnown ? data : null, isLoading }
}
