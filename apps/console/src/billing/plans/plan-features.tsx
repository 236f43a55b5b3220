import type { RouterOutputs } from '@tollgate/client'
import { t } from '../../texts/catalogue.ts'
import { describeFeatures } from '../../words/features.ts'

interface PlanFeaturesProps {
  plan: RouterOutputs['billing']['plans']['list'][number]
  /** Whether use above its limits is billed. */
  isBilled?: boolean
}

/** What a plan allows, and how much of it. Nothing for a plan without features. */
export function PlanFeatures({ plan, isBilled = true }: PlanFeaturesProps) {
  const features = describeFeatures(plan, { isBilled })
  if (features.length === 0) return null
  return (
    <ul className="plan-features" aria-label={t.plans.features.title}>
      {features.map((feature) => (
        <li key={feature}>{feature}</li>
      ))}
    </ul>
  )
}
