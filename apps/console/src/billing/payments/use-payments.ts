import { useInfiniteQuery } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'

const PAGE_SIZE = 10

/** The account's payments, newest first. `fetchNextPage` loads more. */
export function usePayments() {
  const account = useAccountInput()
  return useInfiniteQuery({
    ...trpc.billing.payments.list.infiniteQueryOptions(
      { ...account, limit: PAGE_SIZE },
      { getNextPageParam: (lastPage) => lastPage.nextCursor },
    ),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  })
}
