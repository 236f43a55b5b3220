import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { useAccount } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { useCheckout } from '../billing/checkout/use-checkout.ts'
import { PlanAction } from '../billing/plans/plan-action.tsx'
import { PlanCard, type Plan } from '../billing/plans/plan-card.tsx'
import { PlanFilter } from '../billing/plans/plan-filter.tsx'
import { PlanSkeleton } from '../billing/plans/plan-skeleton.tsx'
import { PromotionNote } from '../billing/plans/promotion-note.tsx'
import { TrialNote } from '../billing/plans/trial-note.tsx'
import { usePlanView } from '../billing/plans/use-plan-view.ts'
import { useTrial } from '../billing/plans/use-trial.ts'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { useUpcoming } from '../billing/subscription/use-upcoming.ts'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { Support } from '../parts/support.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { planFor } from '../words/offers.ts'
import { atEachPrice, isHeld, isSameOffer } from '../words/plan-price.ts'
import { mayBill } from '../words/rights.ts'
import type { Subscription } from '../words/subscription-status.ts'
import { trialDaysNow } from '../words/trial.ts'

const loadPresentPlan = async () => ({ default: (await import('../billing/plans/present-plan.tsx')).PresentPlan })
/** Visitors have no plan, and don't load it. */
const PresentPlan = lazy(loadPresentPlan)

export function Plans() {
  const isUser = useUser() !== null
  useEffect(() => {
    // Loads beside the user's plan, not after it. If that fails, it is loaded again when it is shown.
    if (isUser) loadPresentPlan().catch(() => null)
  }, [isUser])
  const current = useSubscription()
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const isTrialLoading = useTrial().isLoading
  const failed = [plans, current].find(({ isError, data }) => isError && data === undefined)
  const account = useAccount()
  return (
    <Page title={account?.kind === 'organization' ? t.plans.titleOf(account.name) : t.plans.title}>
      <VerificationNotice />
      {failed ? (
        <LoadFailure error={failed.error} retry={() => void failed.refetch()} />
      ) : plans.data && !current.isLoading && !isTrialLoading ? (
        <Suspense fallback={<PlanSkeleton />}>
          <PlanList plans={plans.data} current={current.data ?? null} />
        </Suspense>
      ) : (
        <PlanSkeleton />
      )}
    </Page>
  )
}

function PlanList({ plans, current }: { plans: Plan[]; current: Subscription | null }) {
  const list = useRef<HTMLUListElement>(null)
  const checkout = useCheckout()
  const user = useUser()
  const account = useAccount()
  const upcoming = useUpcoming()
  const { trial } = useTrial()
  const hasPlan = current !== null && current.accessReason !== 'ended'
  /** A grant ends when a paid plan begins. */
  const isFirst = !hasPlan || current.provider === 'manual'
  const view = usePlanView(withOwn(atEachPrice(plans), current), current)
  if (plans.length === 0 && !current) {
    return (
      <div className="card empty-card">
        <p className="lead">{t.plans.none}</p>
        <p className="quiet">{t.plans.noneHelp}</p>
        <Support />
      </div>
    )
  }
  const who =
    !user || !account ? 'visitor' : !user.isVerified ? 'unverified' : mayBill(account.role) ? 'payer' : 'member'
  return (
    <>
      {current ? (
        <PresentPlan subscription={current} upcoming={upcoming} onKept={() => list.current?.focus()} />
      ) : (
        <p className="lead quiet">{t.plans.lead}</p>
      )}
      {who === 'member' && account && <p className="lead">{t.plans.others(account.name)}</p>}
      {checkout.error && (
        <Notice tone="bad">
          <Problem error={checkout.error} />
        </Notice>
      )}
      <PromotionNote />
      {isFirst && plans.some(({ trialDays }) => trialDays > 0) && <TrialNote trial={trial} />}
      <PlanFilter view={view} />
      <ul className="plans" ref={list} tabIndex={-1} aria-label={t.plans.title}>
        {view.offers.map((offer) => {
          const sold = planFor(offer, view.period)
          if (!sold) return null
          const isOwn = hasPlan && isHeld(sold, current)
          const plan = { ...sold, trialDays: isOwn ? 0 : trialDaysNow(sold, trial) }
          return (
            <PlanCard key={plan.id} plan={plan} own={isOwn ? current : null}>
              <PlanAction
                plan={plan}
                current={current}
                upcoming={upcoming}
                who={who}
                isOpening={checkout.towards !== undefined && isSameOffer(checkout.towards.plan, plan)}
                subscribe={() => checkout.leave({ plan, as: 'subscribe' })}
              />
            </PlanCard>
          )
        })}
      </ul>
    </>
  )
}

/** Includes the user's own plan even if it is no longer sold, and at the price this user pays. */
function withOwn(plans: Plan[], current: Subscription | null): Plan[] {
  if (!current || current.provider === 'manual' || current.accessReason === 'ended') return plans
  const { currency, billingPeriod } = current
  const isPerSeat = current.plan.seats?.perSeatCents != null
  const priceCents = isPerSeat ? current.unitPriceCents : current.priceCents
  const own = { ...current.plan, priceCents, currency, billingPeriod, trialDays: 0 }
  const isForSale = plans.some((plan) => isSameOffer(plan, own))
  return isForSale ? plans.map((plan) => (isSameOffer(plan, own) ? own : plan)) : [own, ...plans]
}
