import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'

const AT_ONCE = 10

/** The reader's payments, newest first; more of them with `fetchNextPage`. */
export function usePayments() {
  return useInfiniteQuery({
    ...trpc.billing.payments.list.infiniteQueryOptions(
      { limit: AT_ONCE },
      { getNextPageParam: (lastPage) => lastPage.nextCursor },
    ),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  })
}
