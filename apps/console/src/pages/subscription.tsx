import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { PaymentMethod } from '../billing/cards/payment-method.tsx'
import { BackToAccount } from '../billing/checkout/back-to-account.tsx'
import { Payments } from '../billing/payments/payments.tsx'
import { SubscriptionActions } from '../billing/subscription/subscription-actions.tsx'
import { SubscriptionCard } from '../billing/subscription/subscription-card.tsx'
import { UpcomingCard } from '../billing/subscription/upcoming-card.tsx'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { useUpcoming } from '../billing/subscription/use-upcoming.ts'
import { UsageCard } from '../billing/usage/usage-card.tsx'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { mayBill } from '../words/rights.ts'
import type { Subscription } from '../words/subscription-status.ts'

const POLL_INTERVAL_MS = 2_000
/** By then, changes made at the provider have arrived, unless something is wrong. */
const POLL_DURATION_MS = 20_000

export function MySubscription() {
  const user = useUser()
  const account = useAccount()
  const isBack = useSearchParams()[0].get('from') === 'portal'
  const page = (
    <Page title={account?.kind === 'organization' ? t.billing.titleOf(account.name) : t.billing.title}>
      {isBack && <BackFromPortal />}
      {user?.isVerified ? <Billing isManaged={account !== null && mayBill(account.role)} /> : <VerificationNotice />}
    </Page>
  )
  return isBack ? <BackToAccount>{page}</BackToAccount> : page
}

/** @param isManaged whether the user may change the subscription and see the payments. */
function Billing({ isManaged }: { isManaged: boolean }) {
  const current = useSubscription()
  if (current.isPending) return <BillingSkeleton />
  if (current.isError && !current.data)
    return <LoadFailure error={current.error} retry={() => void current.refetch()} />
  return (
    <>
      {current.data ? (
        <Subscribed subscription={current.data} isManaged={isManaged} />
      ) : (
        <NotSubscribed isManaged={isManaged} />
      )}
      <UsageCard isManaged={isManaged} />
      {isManaged ? (
        <>
          {current.data?.cardManagement && current.data.accessReason !== 'ended' && (
            <PaymentMethod cardManagement={current.data.cardManagement} />
          )}
          <h2 className="section-title">{t.billing.payments.title}</h2>
          <Payments cardManagement={current.data?.cardManagement ?? null} />
        </>
      ) : (
        <p className="quiet">{t.billing.membersSee}</p>
      )}
    </>
  )
}

/** As large as what follows, so that nothing moves. */
function BillingSkeleton() {
  return (
    <>
      <CardSkeleton lines={8} />
      <CardSkeleton lines={4} />
    </>
  )
}

function Subscribed({ subscription, isManaged }: { subscription: Subscription; isManaged: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [done, setDone] = useState<string | null>(null)
  const upcoming = useUpcoming()
  const finish = (what: string) => {
    setDone(what)
    heading.current?.focus() // the button that was clicked is gone
  }
  return (
    <>
      {done && <Notice tone="good">{done}</Notice>}
      <SubscriptionCard subscription={subscription} upcoming={upcoming} headingRef={heading}>
        {isManaged && (
          <SubscriptionActions subscription={subscription} isFollowed={upcoming !== null} onDone={finish} />
        )}
      </SubscriptionCard>
      {upcoming && (
        <UpcomingCard
          upcoming={upcoming}
          present={subscription}
          isManaged={isManaged}
          onCanceled={() => finish(t.billing.upcoming.canceled(upcoming.plan.name))}
        />
      )}
    </>
  )
}

function NotSubscribed({ isManaged }: { isManaged: boolean }) {
  const isOrganization = useAccount()?.kind === 'organization'
  const upcoming = useUpcoming()
  if (upcoming) return <UpcomingCard upcoming={upcoming} present={null} isManaged={isManaged} onCanceled={() => {}} />
  return (
    <section className="card" aria-label={t.billing.yourPlan}>
      <p className="lead">{isOrganization ? t.billing.noneOf : t.billing.none}</p>
      <p className="actions">
        <AccountLink className={isManaged ? 'button' : 'button button-quiet'} to="/plans">
          {t.billing.seePlans}
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
  return <Notice tone="calm">{t.billing.welcomeBack}</Notice>
}
