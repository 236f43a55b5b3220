import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { useAccount } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { useCheckout } from '../billing/checkout/use-checkout.ts'
import { PlanAction } from '../billing/plans/plan-action.tsx'
import { PlanCard, type Plan } from '../billing/plans/plan-card.tsx'
import { PlanFilter } from '../billing/plans/plan-filter.tsx'
import { PlanSkeleton } from '../billing/plans/plan-skeleton.tsx'
import { PresentPlan } from '../billing/plans/present-plan.tsx'
import { PromotionNote } from '../billing/plans/promotion-note.tsx'
import { usePlanView } from '../billing/plans/use-plan-view.ts'
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
import { mayBill } from '../words/role.ts'
import type { Subscription } from '../words/subscription-status.ts'

export function Plans() {
  const current = useSubscription()
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const failed = [plans, current].find(({ isError, data }) => isError && data === undefined)
  const account = useAccount()
  return (
    <Page title={account?.kind === 'organization' ? t.plans.titleOf(account.name) : t.plans.title}>
      <VerificationNotice />
      {failed ? (
        <LoadFailure error={failed.error} retry={() => void failed.refetch()} />
      ) : plans.data && !current.isLoading ? (
        <PlanList plans={plans.data} current={current.data ?? null} />
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
  const hasPlan = current !== null && current.accessReason !== 'ended'
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
      <PlanFilter view={view} />
      <ul className="plans" ref={list} tabIndex={-1} aria-label={t.plans.title}>
        {view.offers.map((offer) => {
          const sold = planFor(offer, view.period)
          if (!sold) return null
          const isOwn = hasPlan && isHeld(sold, current)
          // A change to another plan has no trial.
          const plan = hasPlan && current.provider !== 'manual' ? { ...sold, trialDays: 0 } : sold
          return (
            <PlanCard key={plan.id} plan={plan} isOwn={isOwn}>
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
