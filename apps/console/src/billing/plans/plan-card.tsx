import { formatMoney, type RouterOutputs } from '@tollgate/client'
import type { ReactNode } from 'react'
import { t } from '../../texts/catalogue.ts'
import { PERIODS } from '../../words/price.ts'
import { describePlanSeats } from '../../words/seats.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { PlanDescription } from './plan-description.tsx'
import { PlanFeatures } from './plan-features.tsx'

export type Plan = RouterOutputs['billing']['plans']['list'][number]

interface PlanCardProps {
  plan: Plan
  /** The customer's subscription, if it is to this plan. */
  own: Subscription | null
  /** The actions. */
  children: ReactNode
}

/** A plan: what it is for, and what it costs. */
export function PlanCard({ plan, own, children }: PlanCardProps) {
  const { name, description, highlighted, priceCents, currency, billingPeriod, trialDays } = plan
  const seats = describePlanSeats(plan)
  const isGrant = own?.provider === 'manual'
  const isFree = priceCents === 0 || isGrant
  return (
    <li className="card plan" data-highlighted={highlighted || undefined} data-own={own !== null || undefined}>
      <div className="plan-head">
        <h2>{name}</h2>
        {own ? (
          <span className="plan-tag plan-tag-own">{t.plans.yours}</span>
        ) : (
          highlighted && <span className="plan-tag">{t.plans.recommended}</span>
        )}
      </div>
      <p className="plan-price">
        <strong>{isFree ? t.plans.free : formatMoney(priceCents, currency)}</strong>{' '}
        <span>{isGrant ? t.plans.given : isFree ? t.plans.forever : PERIODS[billingPeriod]}</span>
      </p>
      {billingPeriod === 'yearly' && !isFree && (
        <p className="plan-month">{t.plans.perMonth(formatMoney(Math.round(priceCents / 12), currency))}</p>
      )}
      {trialDays > 0 && <p className="plan-trial">{t.plans.trial(trialDays)}</p>}
      {description && <PlanDescription text={description} />}
      <PlanFeatures plan={plan} billed={billedWith(own)} />
      {seats && <p className="plan-seats">{seats}</p>}
      <div className="plan-action">{children}</div>
    </li>
  )
}

/** A running trial stops at the limits until it ends, and a canceled one never gets above them. */
function billedWith(own: Subscription | null) {
  if (own?.provider === 'manual') return 'never'
  if (own?.status !== 'trialing') return 'now'
  return own.cancelAtPeriodEnd ? 'never' : 'after-trial'
}
