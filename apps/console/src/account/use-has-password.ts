import { useQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'

/** Whether the user has a password; undefined while that is not known. */
export function useHasPassword(): boolean | undefined {
  return useQuery({ ...trpc.profile.get.queryOptions(), refetchOnWindowFocus: false }).data?.hasPassword
}
