import { t } from '../../texts/catalogue.ts'
import { describeFeatures } from '../../words/features.ts'
import type { Plan } from './plan-card.tsx'

/** What a plan allows, and how much of it. Nothing for a plan without features. */
export function PlanFeatures({ plan }: { plan: Plan }) {
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
