import { useQuery } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { api, queryClient, trpc } from '../api.ts'
import { recallPurchase } from '../billing/begun-purchase.ts'
import { SubscriptionCard } from '../billing/subscription-card.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import type { Subscription } from '../words/subscription-status.ts'

const BETWEEN_LOOKS = 2_000
/** A payment that takes more looks than these goes a slow way, such as a bank's. */
const QUICK_LOOKS = 6
const BETWEEN_SLOW_LOOKS = 15_000

/**
 * Where the payment page leads back to. Its address proves nothing, so it says what the backend found out and no more.
 */
export function CheckoutSuccess() {
  const sessionId = useSearchParams()[0].get('session_id')
  if (!sessionId) {
    return (
      <Page title="Your payment" narrow>
        <p className="lead">This address is not complete.</p>
        <SeeSubscription />
      </Page>
    )
  }
  return <Outcome sessionId={sessionId} />
}

function Outcome({ sessionId }: { sessionId: string }) {
  const { looks, subscription, error, lookAgain } = useOutcome(sessionId)
  const bought = recallPurchase(sessionId)
  const isDecided = isOutcome(subscription, bought)

  if (!error && !isDecided && looks < QUICK_LOOKS) {
    return (
      <Page title="Your payment" narrow>
        <Loading what="We are asking the payment provider how it went…" />
      </Page>
    )
  }
  const isUnknown = isTollgateError(error, 'SESSION_NOT_FOUND')
  const has = subscription?.hasAccess ? `You have ${subscription.plan.name}` : null
  return (
    <Page title={isDecided && has ? has : 'Your payment'} narrow takesOver>
      {isUnknown && <Notice tone="bad">We could not find this payment. It may belong to another account.</Notice>}
      {error && !isUnknown && <LoadFailure error={error} retry={lookAgain} />}
      {!error && !isDecided && (
        <Notice tone="calm">
          The payment provider has not told us of the payment{bought && ` for ${bought.name}`} yet. That can take some
          minutes, or with some banks days; you need not pay again. We go on looking while this page is open.
        </Notice>
      )}
      {subscription && <SubscriptionCard subscription={subscription} />}
      <SeeSubscription />
    </Page>
  )
}

/** Looks until it is decided: often for as long as somebody may like to wait, then now and again. */
function useOutcome(sessionId: string) {
  const queryKey = ['checkout outcome', sessionId]
  // A mutation by name, because it writes; but asking twice is the same as asking once, so it is watched like a query.
  const outcome = useQuery({
    queryKey,
    async queryFn({ signal }) {
      const subscription = await api.billing.subscriptions.sync.mutate({ sessionId }, { signal })
      queryClient.setQueryData(trpc.billing.subscriptions.current.queryKey(), subscription)
      const before = queryClient.getQueryData<{ looks: number }>(queryKey)
      return { subscription, looks: (before?.looks ?? 0) + 1 }
    },
    refetchInterval({ state }) {
      if (state.error || isOutcome(state.data?.subscription, recallPurchase(sessionId))) return false
      return (state.data?.looks ?? 0) < QUICK_LOOKS ? BETWEEN_LOOKS : BETWEEN_SLOW_LOOKS
    },
  })
  return {
    looks: outcome.data?.looks ?? 0,
    subscription: outcome.data?.subscription,
    error: outcome.error,
    lookAgain: () => void outcome.refetch(),
  }
}

/** While an upgrade waits for its money, the backend's answer is the plan that it is to replace. */
function isOutcome(subscription: Subscription | null | undefined, bought: { code: string } | null): boolean {
  if (!subscription || subscription.status === 'pending') return false
  return bought === null || bought.code === subscription.plan.code
}

function SeeSubscription() {
  return (
    <p className="actions">
      <Link className="button" to="/subscription">
        My subscription and payments
      </Link>
    </p>
  )
}
