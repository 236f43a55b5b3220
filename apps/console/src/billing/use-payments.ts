import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'

const PAGE_SIZE = 10

/** The user's payments, newest first. `fetchNextPage` loads more. */
export function usePayments() {
  return useInfiniteQuery({
    ...trpc.billing.payments.list.infiniteQueryOptions(
      { limit: PAGE_SIZE },
      { getNextPageParam: (lastPage) => lastPage.nextCursor },
    ),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  })
}
