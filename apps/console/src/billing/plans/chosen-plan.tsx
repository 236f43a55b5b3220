import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { trpc } from '../../api.ts'
import { t } from '../../texts/catalogue.ts'
import { askedTerms, planAt } from '../../words/plan-price.ts'
import { formatPrice } from '../../words/price.ts'
import { planCodeIn } from './subscribe-path.ts'

/** Says which plan a visitor has chosen before they sign up or log in; `otherwise` if they have chosen none. */
export function ChosenPlan({ next, otherwise = null }: { next: string | null; otherwise?: ReactNode }) {
  const code = planCodeIn(next)
  const plans = useQuery({ ...trpc.billing.plans.list.queryOptions(), enabled: code !== null })
  if (code === null) return otherwise
  const chosen = plans.data?.find((each) => each.code === code)
  const plan = chosen && planAt(chosen, askedTerms(new URLSearchParams(next?.split('?')[1])))
  return (
    <div className="chosen-plan" aria-busy={plans.isPending}>
      {plan && (
        <>
          <p>
            <strong>{t.auth.signUp.chosen(plan.name, formatPrice(plan))}</strong>
          </p>
          <p className="quiet">
            {t.auth.signUp.chosenNext} <Link to="/plans">{t.auth.signUp.otherPlan}</Link>
          </p>
        </>
      )}
    </div>
  )
}
