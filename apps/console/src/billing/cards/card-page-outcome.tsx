import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useAccountInput } from '../../accounts/use-account.ts'
import { api, tellOtherTabs, trpc } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../../texts/catalogue.ts'

const POLL_INTERVAL_MS = 2_000
/** By then, the provider knows whether the card was accepted. */
const POLLS = 8

/**
 * What became of the page that the customer comes back from. Its address proves nothing, so this says only what the
 * backend knows.
 */
export function CardPageOutcome({ sessionId, isDeclined }: { sessionId: string; isDeclined: boolean }) {
  const account = useAccountInput()
  const queryClient = useQueryClient()
  const queryKey = ['outcome of card page', sessionId, account]
  // `sync` is a mutation because it writes. It is idempotent, so it can be polled like a query.
  const outcome = useQuery({
    queryKey,
    async queryFn({ signal }) {
      const { state, ...cards } = await api.billing.cards.sync.mutate({ ...account, sessionId }, { signal })
      queryClient.setQueryData(trpc.billing.cards.list.queryKey(account), cards)
      await queryClient.invalidateQueries(trpc.billing.paymentMethod.pathFilter())
      const before = queryClient.getQueryData<{ state: string; polls: number }>(queryKey)
      if (state === 'paid' || state === 'returned') await queryClient.invalidateQueries(trpc.billing.pathFilter())
      if (state !== 'open' && state !== 'expired' && before?.state !== state) tellOtherTabs()
      return { state, polls: (before?.polls ?? 0) + 1 }
    },
    retry: false,
    refetchInterval: ({ state: { data, error } }) =>
      !error && !isDeclined && data?.state === 'open' && data.polls < POLLS ? POLL_INTERVAL_MS : false,
  })
  const words = t.cards
  if (outcome.isPending) return <Notice tone="calm">{words.checking}</Notice>
  if (outcome.isError) return <LoadFailure error={outcome.error} retry={() => void outcome.refetch()} />
  const { state, polls } = outcome.data
  if (state === 'added') return <Notice tone="good">{words.added}</Notice>
  if (state === 'paid') return <Notice tone="good">{words.paid}</Notice>
  if (state === 'returned') return <Notice tone="warning">{words.returned}</Notice>
  if (state === 'expired') return <Notice tone="warning">{words.expired}</Notice>
  if (isDeclined) return <Notice tone="bad">{words.declined}</Notice>
  return <Notice tone="calm">{polls < POLLS ? words.checking : words.notYet}</Notice>
}
