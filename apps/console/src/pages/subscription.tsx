import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { BackToAccount } from '../billing/back-to-account.tsx'
import { Payments } from '../billing/payments.tsx'
import { SubscriptionActions } from '../billing/subscription-actions.tsx'
import { SubscriptionCard } from '../billing/subscription-card.tsx'
import { useSubscription } from '../billing/use-subscription.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { mayBill } from '../words/role.ts'
import type { Subscription } from '../words/subscription-status.ts'

const POLL_INTERVAL_MS = 2_000
/** By then, changes made at the provider have arrived, unless something is wrong. */
const POLL_DURATION_MS = 20_000

export function MySubscription() {
  const user = useUser()
  const account = useAccount()
  const isBack = useSearchParams()[0].get('from') === 'portal'
  const page = (
    <Page title={account?.kind === 'organization' ? `Subscription of ${account.name}` : 'My subscription'}>
      {isBack && <BackFromPortal />}
      {user?.isVerified ? <Billing isManaged={account !== null && mayBill(account.role)} /> : <VerificationNotice />}
    </Page>
  )
  return isBack ? <BackToAccount>{page}</BackToAccount> : page
}

/** @param isManaged whether the user may change the subscription and see the payments. */
function Billing({ isManaged }: { isManaged: boolean }) {
  const current = useSubscription()
  if (current.isPending) return <Loading />
  if (current.isError && !current.data)
    return <LoadFailure error={current.error} retry={() => void current.refetch()} />
  return (
    <>
      {current.data ? (
        <Subscribed subscription={current.data} isManaged={isManaged} />
      ) : (
        <NotSubscribed isManaged={isManaged} />
      )}
      {isManaged ? (
        <>
          <h2 className="section-title">Payments</h2>
          <Payments hasCustomer={current.data?.provider === 'stripe'} />
        </>
      ) : (
        <p className="quiet">Owners, admins and billing managers see the payments here, and can change the plan.</p>
      )}
    </>
  )
}

function Subscribed({ subscription, isManaged }: { subscription: Subscription; isManaged: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [done, setDone] = useState<string | null>(null)
  return (
    <>
      {done && <Notice tone="good">{done}</Notice>}
      <SubscriptionCard subscription={subscription} headingRef={heading}>
        {isManaged && (
          <SubscriptionActions
            subscription={subscription}
            onDone={(what) => {
              setDone(what)
              heading.current?.focus() // the button that was clicked is gone
            }}
          />
        )}
      </SubscriptionCard>
    </>
  )
}

function NotSubscribed({ isManaged }: { isManaged: boolean }) {
  const isOrganization = useAccount()?.kind === 'organization'
  return (
    <section className="card" aria-label="Your plan">
      <p className="lead">
        {isOrganization ? 'The organization has no subscription.' : "You don't have a subscription."}
      </p>
      <p className="actions">
        <AccountLink className={isManaged ? 'button' : 'button button-quiet'} to="/plans">
          See the plans
        </AccountLink>
      </p>
    </section>
  )
}

/** The provider reports changes in its portal to the backend, not to this page, so poll for a while. */
function BackFromPortal() {
  const queryClient = useQueryClient()
  useEffect(() => {
    const polling = setInterval(() => void queryClient.invalidateQueries(trpc.billing.pathFilter()), POLL_INTERVAL_MS)
    const deadline = setTimeout(() => clearInterval(polling), POLL_DURATION_MS)
    return () => {
      clearInterval(polling)
      clearTimeout(deadline)
    }
  }, [queryClient])
  return <Notice tone="calm">Welcome back. Your changes will show up here within a few seconds.</Notice>
}
