import type { RouterOutputs } from '@tollgate/client'
import { t } from '../../texts/catalogue.ts'
import { describeFeatures, type OverageStart } from '../../words/features.ts'

interface PlanFeaturesProps {
  plan: RouterOutputs['billing']['plans']['list'][number]
  /** When use above its limits is billed. */
  billed?: OverageStart
}

/** What a plan allows, and how much of it. Nothing for a plan without features. */
export function PlanFeatures({ plan, billed = 'now' }: PlanFeaturesProps) {
  const features = describeFeatures(plan, { billed })
  if (features.length === 0) return null
  return (
    <ul className="plan-features" aria-label={t.plans.features.title}>
      {features.map((feature) => (
        <li key={feature}>{feature}</li>
      ))}
    </ul>
  )
}
