import { useQuery } from '@tanstack/react-query'
import { errorText } from '@tollgate/client'
import { useRef } from 'react'
import { Link } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount, useAccountPath } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { PlanCard, type Plan } from '../billing/plan-card.tsx'
import { PresentPlan } from '../billing/present-plan.tsx'
import { useCheckout } from '../billing/use-checkout.ts'
import { useSubscription } from '../billing/use-subscription.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { logInPath } from '../session/local-path.ts'
import { useUser } from '../session/use-user.ts'
import { formatDay } from '../words/dates.ts'
import { choiceOf } from '../words/plan-choice.ts'
import { mayBill } from '../words/role.ts'
import type { Subscription } from '../words/subscription-status.ts'

export function Plans() {
  const current = useSubscription()
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const failed = [plans, current].find(({ isError, data }) => isError && data === undefined)
  const account = useAccount()
  return (
    <Page title={account?.kind === 'organization' ? `Plans for ${account.name}` : 'Plans'}>
      <VerificationNotice />
      {failed ? (
        <LoadFailure error={failed.error} retry={() => void failed.refetch()} />
      ) : plans.data && !current.isLoading ? (
        <Offer plans={plans.data} current={current.data ?? null} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Offer({ plans, current }: { plans: Plan[]; current: Subscription | null }) {
  const list = useRef<HTMLUListElement>(null)
  const checkout = useCheckout()
  const user = useUser()
  const account = useAccount()
  const accountPath = useAccountPath()
  if (plans.length === 0 && !current) return <p className="quiet">There are no plans yet.</p>
  return (
    <>
      {current && <PresentPlan subscription={current} onKept={() => list.current?.focus()} />}
      {account && !mayBill(account.role) && (
        <p className="lead">Owners, admins and billing managers choose the plan of {account.name}.</p>
      )}
      {checkout.error && <Notice tone="bad">{errorText(checkout.error)}</Notice>}
      <ul className="plans" ref={list} tabIndex={-1} aria-label="Plans">
        {withOwn(plans, current).map((plan) => (
          <PlanCard key={plan.id} plan={plan}>
            {account && user?.isVerified ? (
              <Choice
                plan={plan}
                current={current}
                isManaged={mayBill(account.role)}
                isOpening={checkout.towards?.plan.code === plan.code}
                subscribe={() => checkout.leave({ plan, as: 'subscribe' })}
              />
            ) : (
              !user && <ChooseLink plan={plan} to={logInPath(accountPath('/plans'))} />
            )}
          </PlanCard>
        ))}
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
  const isForSale = plans.some(({ id }) => id === own.id)
  return isForSale ? plans.map((plan) => (plan.id === own.id ? own : plan)) : [own, ...plans]
}

interface ChoiceProps {
  plan: Plan
  current: Subscription | null
  /** Whether the user may choose. */
  isManaged: boolean
  isOpening: boolean
  subscribe: () => void
}

function Choice({ plan, current, isManaged, isOpening, subscribe }: ChoiceProps) {
  switch (choiceOf(plan, current)) {
    case 'subscribe':
      return (
        isManaged && (
          <BusyButton busy={isOpening} aria-label={`Choose ${plan.name}`} onClick={subscribe}>
            {isOpening ? 'Opening…' : 'Choose'}
          </BusyButton>
        )
      )
    case 'change':
      return (
        isManaged && (
          <AccountLink className="button" to={`/plans/${plan.code}/change`}>
            Change to {plan.name}
          </AccountLink>
        )
      )
    case 'yours':
      return <p className="plan-current">Your plan</p>
    case 'scheduled':
      return (
        <p className="plan-current">
          {current?.scheduledChange && `Starts on ${formatDay(current.scheduledChange.at)}`}
        </p>
      )
    case 'pay':
      return null
  }
}

function ChooseLink({ plan, to }: { plan: Plan; to: string }) {
  return (
    <Link className="button" to={to} aria-label={`Choose ${plan.name}`}>
      Choose
    </Link>
  )
}
