import { useQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { useUser } from './use-user.ts'

/** Soon enough for someone who has just clicked the link in the other tab, or on another device. */
const POLL_INTERVAL_MS = 4_000

/** Whether the user's address is verified. While it is not, this asks again, so that the page goes on by itself. */
export function useVerificationSoon(): boolean {
  const isVerified = useUser()?.isVerified ?? false
  useQuery({ ...trpc.auth.me.queryOptions(), refetchInterval: isVerified ? false : POLL_INTERVAL_MS })
  return isVerified
}
