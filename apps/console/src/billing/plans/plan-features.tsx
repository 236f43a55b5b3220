import type { RouterOutputs } from '@tollgate/client'
import { t } from '../../texts/catalogue.ts'
import { describeFeatures } from '../../words/features.ts'

/** What a plan allows, and how much of it. Nothing for a plan without features. */
export function PlanFeatures({ plan }: { plan: RouterOutputs['billing']['plans']['list'][number] }) {
  const features = describeFeatures(plan)
  if (features.length === 0) return null
  return (
    <ul className="plan-features" aria-label={t.plans.features.title}>
      {features.map((feature) => (
        <li key={feature}>{feature}</li>
      ))}
    </ul>
  )
}
