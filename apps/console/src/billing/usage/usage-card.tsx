import { useQuery } from '@tanstack/react-query'
import { AccountLink } from '../../accounts/account-link.tsx'
import { trpc } from '../../api.ts'
import { CardSkeleton } from '../../parts/card-skeleton.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { t } from '../../texts/catalogue.ts'
import { describeReset, describeUse } from '../../words/feature-use.ts'
import { featureLabel, hasOverage, isIncluded, planThatUnlocks, type FeatureUse } from '../../words/features.ts'
import { heldTerms, planAt } from '../../words/plan-price.ts'
import { trialDaysNow } from '../../words/trial.ts'
import type { Plan } from '../plans/plan-card.tsx'
import { useTrial } from '../plans/use-trial.ts'
import { useSubscription } from '../subscription/use-subscription.ts'
import { useEntitlements } from './use-entitlements.ts'

const words = t.billing.usage
/** From which part of the limit on the meter warns. */
const NEARLY = 0.8

/** Each feature, how much of it is used, and which plan has more. Nothing where plans have no features. */
export function UsageCard({ isManaged }: { isManaged: boolean }) {
  const entitlements = useEntitlements()
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const present = useSubscription().data ?? null
  const held = heldTerms(present)
  const { trial, isLoading } = useTrial()
  const billing = held?.status === 'active' && held.hasAccess ? held.plan : null
  const isBilled = (feature: string) => billing !== null && hasOverage(billing, feature)
  // A trial goes on after a change of plan, and another plan may begin with one.
  const wouldBill = (plan: Plan) => held?.status !== 'trialing' && trialDaysNow(plan, trial) === 0
  if (entitlements.isPending || isLoading) return <CardSkeleton lines={3} />
  if (entitlements.isError && !entitlements.data)
    return <LoadFailure error={entitlements.error} retry={() => void entitlements.refetch()} />
  const features = Object.entries(entitlements.data.features)
  if (features.length === 0) return null
  // The same plan for a year has as much in each month: it is no way to more.
  const ownName = present && present.accessReason !== 'ended' ? present.plan.name : null
  const others = (plans.data ?? []).filter(({ name }) => name !== ownName)
  const offers = others.flatMap((plan) => planAt(plan, {}, held) ?? [])
  return (
    <section className="card" aria-label={words.title}>
      <h2>{words.title}</h2>
      <ul className="usage">
        {features.map(([name, use]) => (
          <Feature
            key={name}
            name={name}
            use={use}
            plan={isManaged ? planOf(name, use, offers, { isBilled, wouldBill, currency: held?.currency }) : null}
          />
        ))}
      </ul>
    </section>
  )
}

/** The plan that has more, once that is of interest: nothing or little is left. */
const planOf = (...[name, use, plans, held]: Parameters<typeof planThatUnlocks<Plan>>): Plan | null =>
  !use.allowed || shareOf(use) >= NEARLY ? planThatUnlocks(name, use, plans, held) : null

function moreWith(name: string, { limit }: FeatureUse, plan: Plan): string {
  if (limit !== 0) return words.more(plan.name)
  return isIncluded(plan, name, 1) ? words.unlock(plan.name) : words.forAPrice(plan.name)
}

const shareOf = ({ limit, used }: FeatureUse): number => (limit ? used / limit : 0)

function Feature({ name, use, plan }: { name: string; use: FeatureUse; plan: Plan | null }) {
  const share = shareOf(use)
  const reset = describeReset(use)
  const label = featureLabel(name)
  return (
    <li>
      <div className="usage-head">
        <strong>{label}</strong>
        <span className="quiet">{describeUse(use)}</span>
      </div>
      {use.limit !== null && use.limit > 0 && (
        <meter
          aria-label={words.meter(label)}
          className="usage-meter"
          data-tone={!use.allowed ? 'bad' : share >= NEARLY ? 'warn' : undefined}
          min={0}
          max={use.limit}
          value={Math.min(use.used, use.limit)}
        />
      )}
      {(reset ?? plan) && (
        <p className="usage-foot quiet">
          {reset && <span>{reset}</span>}
          {plan && <AccountLink to={`/plans?currency=${plan.currency}`}>{moreWith(name, use, plan)}</AccountLink>}
        </p>
      )}
    </li>
  )
}
