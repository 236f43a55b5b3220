import { useQuery } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { api, queryClient, trpc } from '../api.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { SubscriptionCard } from '../parts/subscription-card.tsx'
import type { Subscription } from '../words/subscription-status.ts'

/** A payment that takes longer than this is looked at another time. */
const TRIES = 6
const BETWEEN_TRIES = 2_000

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
  // A mutation by name, because it writes; but asking twice is the same as asking once, so it is watched like a query.
  const outcome = useQuery({
    queryKey: ['checkout outcome', sessionId],
    queryFn: ({ signal }) => findOut(sessionId, signal),
    refetchOnWindowFocus: false,
  })
  if (outcome.isPending) {
    return (
      <Page title="Your payment" narrow>
        <Loading what="We are asking the payment provider how it went…" />
      </Page>
    )
  }
  const subscription = outcome.data
  const isUnknown = isTollgateError(outcome.error, 'SESSION_NOT_FOUND')
  return (
    <Page title={subscription?.hasAccess ? `You have ${subscription.plan.name}` : 'Your payment'} narrow>
      {isUnknown && <Notice tone="bad">We could not find this payment. It may belong to another account.</Notice>}
      {outcome.isError && !isUnknown && <LoadFailure error={outcome.error} retry={() => void outcome.refetch()} />}
      {subscription && <SubscriptionCard subscription={subscription} />}
      {subscription === null && (
        <Notice tone="calm">
          The payment provider has not told us of a payment yet. That can take some minutes; you need not pay again.
        </Notice>
      )}
      <SeeSubscription />
    </Page>
  )
}

/** Asks until it is decided, or for as long as somebody may like to wait. */
async function findOut(sessionId: string, signal: AbortSignal): Promise<Subscription | null> {
  for (let tries = 1; ; tries++) {
    const subscription = await api.billing.subscriptions.sync.mutate({ sessionId }, { signal })
    queryClient.setQueryData(trpc.billing.subscriptions.current.queryKey(), subscription)
    const isDecided = subscription !== null && subscription.status !== 'pending'
    if (isDecided || tries === TRIES) return subscription
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES))
  }
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
