import { formatMoney, type RouterOutputs } from '@tollgate/client'
import type { ReactNode } from 'react'
import { t } from '../../texts/catalogue.ts'
import { PERIODS } from '../../words/price.ts'
import { describePlanSeats } from '../../words/seats.ts'
import { PlanDescription } from './plan-description.tsx'
import { PlanFeatures } from './plan-features.tsx'

export type Plan = RouterOutputs['billing']['plans']['list'][number]

interface PlanCardProps {
  plan: Plan
  isOwn: boolean
  /** Whether the customer has it as a grant: nothing is billed. */
  isGrant: boolean
  /** The actions. */
  children: ReactNode
}

/** A plan: what it is for, and what it costs. */
export function PlanCard({ plan, isOwn, isGrant, children }: PlanCardProps) {
  const { name, description, highlighted, priceCents, currency, billingPeriod, trialDays } = plan
  const seats = describePlanSeats(plan)
  const isFree = priceCents === 0 || isGrant
  return (
    <li className="card plan" data-highlighted={highlighted || undefined} data-own={isOwn || undefined}>
      <div className="plan-head">
        <h2>{name}</h2>
        {isOwn ? (
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
      <PlanFeatures plan={plan} isBilled={!isGrant} />
      {seats && <p className="plan-seats">{seats}</p>}
      <div className="plan-action">{children}</div>
    </li>
  )
}
