import { formatMoney, type RouterOutputs } from '@tollgate/client'
import type { ReactNode } from 'react'
import { PERIODS } from '../words/price.ts'
import { describePlanSeats } from '../words/seats.ts'

export type Plan = RouterOutputs['billing']['plans']['list'][number]

/** A plan with its price; `children` are the actions. */
export function PlanCard({ plan, children }: { plan: Plan; children: ReactNode }) {
  const { name, priceCents, currency, billingPeriod, trialDays, tier } = plan
  const seats = describePlanSeats(plan)
  return (
    <li className="card plan" data-tier={tier}>
      <h2>{name}</h2>
      <p className="plan-price">
        <strong>{formatMoney(priceCents, currency)}</strong> {PERIODS[billingPeriod]}
      </p>
      {seats && <p className="plan-seats">{seats}</p>}
      {trialDays > 0 && <p className="plan-trial">{trialDays}-day free trial</p>}
      {children}
    </li>
  )
}
