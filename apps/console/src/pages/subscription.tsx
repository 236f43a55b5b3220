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

const BETWEEN_LOOKS = 2_000
/** By then what was done at the provider has arrived, unless something is wrong. */
const ENOUGH_LOOKING = 20_000

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
      {current.data ? <Standing subscription={current.data} /> : <None />}
      <h2 className="section-title">Payments</h2>
      <Payments hasCustomer={current.data?.provider === 'stripe'} />
    </>
  )
}

function Standing({ subscription }: { subscription: Subscription }) {
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
            heading.current?.focus() // the button that was pressed is gone
          }}
        />
      </SubscriptionCard>
    </>
  )
}

function None() {
  return (
    <section className="card" aria-label="Your plan">
      <p className="lead">You have no subscription.</p>
      <p className="actions">
        <Link className="button" to="/plans">
          See the plans
        </Link>
      </p>
    </section>
  )
}

/** The provider tells the backend, not this page, what was done in its portal: so look again for a while. */
function BackFromPortal() {
  const queryClient = useQueryClient()
  const isBack = useSearchParams()[0].get('from') === 'portal'
  useEffect(() => {
    if (!isBack) return
    const looking = setInterval(() => void queryClient.invalidateQueries(trpc.billing.pathFilter()), BETWEEN_LOOKS)
    const enough = setTimeout(() => clearInterval(looking), ENOUGH_LOOKING)
    return () => {
      clearInterval(looking)
      clearTimeout(enough)
    }
  }, [isBack, queryClient])
  if (!isBack) return null
  return <Notice tone="calm">You are back. What you have changed there shows here within a few seconds.</Notice>
}
