import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { trpc } from '../api.ts'

export type Member = RouterOutputs['accounts']['members']['list']['items'][number]
export type Invitation = RouterOutputs['accounts']['invitations']['list']['items'][number]

const PAGE_SIZE = 50

/** The members of an account. `fetchNextPage` loads more. */
export function useMembers(accountId: string) {
  return useInfiniteQuery({
    ...trpc.accounts.members.list.infiniteQueryOptions(
      { accountId, limit: PAGE_SIZE },
      { getNextPageParam: (lastPage) => lastPage.nextCursor },
    ),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  })
}

/** The open invitations of an account, newest first. `fetchNextPage` loads more. */
export function useInvitations(accountId: string) {
  return useInfiniteQuery({
    ...trpc.accounts.invitations.list.infiniteQueryOptions(
      { accountId, limit: PAGE_SIZE },
      { getNextPageParam: (lastPage) => lastPage.nextCursor },
    ),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  })
}
