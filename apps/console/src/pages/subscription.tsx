import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { trpc } from '../api.ts'
import { Payments } from '../billing/payments.tsx'
import { SubscriptionActions } from '../billing/subscription-actions.tsx'
import { SubscriptionCard } from '../billing/subscription-card.tsx'
import { useSubscription } from '../billing/use-subscription.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import type { Subscription } from '../words/subscription-status.ts'

const POLL_INTERVAL_MS = 2_000
/** By then, changes made at the provider have arrived, unless something is wrong. */
const POLL_DURATION_MS = 20_000

export function MySubscription() {
  const user = useUser()
  return (
    <Page title="My subscription">
      <BackFromPortal />
      {user?.isVerified ? <Billing /> : <VerificationNotice />}
    </Page>
  )
}

function Billing() {
  const current = useSubscription()
  if (current.isPending) return <Loading />
  if (current.isError && !current.data)
    return <LoadFailure error={current.error} retry={() => void current.refetch()} />
  return (
    <>
      {current.data ? <Subscribed subscription={current.data} /> : <NotSubscribed />}
      <h2 className="section-title">Payments</h2>
      <Payments hasCustomer={current.data?.provider === 'stripe'} />
    </>
  )
}

function Subscribed({ subscription }: { subscription: Subscription }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [done, setDone] = useState<string | null>(null)
  return (
    <>
      {done && <Notice tone="good">{done}</Notice>}
      <SubscriptionCard subscription={subscription} headingRef={heading}>
        <SubscriptionActions
          subscription={subscription}
          onDone={(what) => {
            setDone(what)
            heading.current?.focus() // the button that was clicked is gone
          }}
        />
      </SubscriptionCard>
    </>
  )
}

function NotSubscribed() {
  return (
    <section className="card" aria-label="Your plan">
      <p className="lead">You don't have a subscription.</p>
      <p className="actions">
        <Link className="button" to="/plans">
          See the plans
        </Link>
      </p>
    </section>
  )
}

/** The provider reports changes in its portal to the backend, not to this page, so poll for a while. */
function BackFromPortal() {
  const queryClient = useQueryClient()
  const isBack = useSearchParams()[0].get('from') === 'portal'
  useEffect(() => {
    if (!isBack) return
    const polling = setInterval(() => void queryClient.invalidateQueries(trpc.billing.pathFilter()), POLL_INTERVAL_MS)
    const deadline = setTimeout(() => clearInterval(polling), POLL_DURATION_MS)
    return () => {
      clearInterval(polling)
      clearTimeout(deadline)
    }
  }, [isBack, queryClient])
  if (!isBack) return null
  return <Notice tone="calm">Welcome back. Your changes will show up here within a few seconds.</Notice>
}
