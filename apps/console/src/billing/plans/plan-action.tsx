import { Link } from 'react-router'
import { AccountLink } from '../../accounts/account-link.tsx'
import { BusyButton } from '../../parts/busy-button.tsx'
import { signUpPath } from '../../session/local-path.ts'
import { t } from '../../texts/catalogue.ts'
import { formatDay } from '../../words/dates.ts'
import { choiceOf, type PlanChoice } from '../../words/plan-choice.ts'
import type { Subscription, Upcoming } from '../../words/subscription-status.ts'
import { usePromotionCode } from '../checkout/use-promotion-code.ts'
import type { Plan } from './plan-card.tsx'
import { changePath, subscribePath } from './subscribe-path.ts'

interface PlanActionProps {
  /** `trialDays` are those that this account gets. */
  plan: Plan
  current: Subscription | null
  /** The plan that waits for the end of the present one. */
  upcoming: Upcoming | null
  /** Who looks: someone without a login, without a verified address, without the right, or someone who may choose. */
  who: 'visitor' | 'unverified' | 'member' | 'payer'
  isOpening: boolean
  subscribe: () => void
}

/** What can be done with a plan. What can't be done stays in sight, with the reason. */
export function PlanAction({ plan, current, upcoming, who, isOpening, subscribe }: PlanActionProps) {
  const promotionCode = usePromotionCode()
  const look = plan.highlighted ? 'button' : 'button button-quiet'
  const [label, fully] =
    plan.trialDays > 0
      ? [t.plans.startTrial, t.plans.startTrialFully(plan.name)]
      : [t.plans.choose, t.plans.chooseFully(plan.name)]
  if (who === 'visitor' || who === 'unverified') {
    const path = subscribePath(plan.code, plan, promotionCode)
    return who === 'visitor' ? (
      <Link className={look} to={signUpPath(path)} aria-label={fully}>
        {label}
      </Link>
    ) : (
      <AccountLink className={look} to={path} aria-label={fully}>
        {label}
      </AccountLink>
    )
  }
  const choice = choiceOf(plan, current, upcoming)
  if (choice.does === 'nothing')
    return <Nothing plan={plan} because={choice.because} current={current} upcoming={upcoming} />
  if (who === 'member') return null
  if (choice.does === 'subscribe') {
    return (
      <BusyButton quiet={!plan.highlighted} busy={isOpening} aria-label={fully} onClick={subscribe}>
        {isOpening ? t.plans.opening : label}
      </BusyButton>
    )
  }
  if (choice.does === 'switch') {
    return (
      <AccountLink className="button button-quiet" to={changePath(plan)}>
        {t.plans.changeTo(plan.name)}
      </AccountLink>
    )
  }
  return (
    <AccountLink className={choice.isUpgrade ? 'button' : 'button button-quiet'} to={changePath(plan)}>
      {changeLabel(plan, choice)}
    </AccountLink>
  )
}

function changeLabel(plan: Plan, { isUpgrade, isOtherPeriod }: Extract<PlanChoice, { does: 'change' }>): string {
  if (isOtherPeriod) return t.plans.switchTo(t.plans.periods[plan.billingPeriod].toLowerCase())
  return isUpgrade ? t.plans.upgradeTo(plan.name) : t.plans.changeTo(plan.name)
}

interface NothingProps {
  plan: Plan
  because: Extract<PlanChoice, { does: 'nothing' }>['because']
  current: Subscription | null
  upcoming: Upcoming | null
}

function Nothing({ plan, because, current, upcoming }: NothingProps) {
  if (because === 'yours') return null // the card says so
  if (because === 'scheduled') {
    return (
      <p className="plan-current">
        {current?.scheduledChange && t.plans.startsOn(formatDay(current.scheduledChange.at, current.timeZone))}
      </p>
    )
  }
  if (because === 'upcoming') {
    return (
      <p className="plan-current">{upcoming && t.plans.startsOn(formatDay(upcoming.startsAt, current?.timeZone))}</p>
    )
  }
  const reason =
    because === 'currency' ? t.plans.notNow.currency((current?.currency ?? '').toUpperCase()) : t.plans.notNow[because]
  const id = `why-not-${plan.id}`
  return (
    <>
      <button type="button" className="button button-quiet" disabled aria-describedby={id}>
        {t.plans.changeTo(plan.name)}
      </button>
      <p className="plan-why-not" id={id}>
        {reason}
      </p>
    </>
  )
}
