import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams, useSearchParams } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount, useAccountPath } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { useCheckout } from '../billing/checkout/use-checkout.ts'
import type { Plan } from '../billing/plans/plan-card.tsx'
import { PlanDescription } from '../billing/plans/plan-description.tsx'
import { PlanFeatures } from '../billing/plans/plan-features.tsx'
import { PromotionNote } from '../billing/plans/promotion-note.tsx'
import { changePath } from '../billing/plans/subscribe-path.ts'
import { TrialNote } from '../billing/plans/trial-note.tsx'
import { useTrial } from '../billing/plans/use-trial.ts'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { useUpcoming } from '../billing/subscription/use-upcoming.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { Fact } from '../parts/fact.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useVerificationSoon } from '../session/use-verification-soon.ts'
import { t } from '../texts/catalogue.ts'
import { isAlwaysFree } from '../words/features.ts'
import { choiceOf } from '../words/plan-choice.ts'
import { askedTerms, heldTerms, planAt } from '../words/plan-price.ts'
import { formatPrice } from '../words/price.ts'
import { mayBill } from '../words/rights.ts'
import { describePlanSeats } from '../words/seats.ts'
import { trialDaysNow } from '../words/trial.ts'

/**
 * The last page before the payment. Sign-up, login and verification lead back here, on any device, so a chosen plan is
 * not lost. Opening it buys nothing: only the button opens a checkout page.
 */
export function Subscribe() {
  const { planCode = '' } = useParams()
  const isVerified = useVerificationSoon()
  const account = useAccount()
  const path = useAccountPath()
  const current = useSubscription()
  const upcoming = useUpcoming()
  const isTrialLoading = useTrial().isLoading
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const failed = [plans, current].find(({ isError, data }) => isError && data === undefined)
  const [query] = useSearchParams()
  const chosen = plans.data?.find(({ code }) => code === planCode)
  const plan = chosen && planAt(chosen, askedTerms(query), heldTerms(current.data ?? null))

  if (failed) return <Waiting content={<LoadFailure error={failed.error} retry={() => void failed.refetch()} />} />
  if (!plans.data || current.isLoading || isTrialLoading || !account)
    return <Waiting content={<Skeleton lines={6} />} />
  if (!plan) return <Gone />
  const choice = choiceOf(plan, current.data ?? null, upcoming)
  if (choice.does === 'change' || choice.does === 'switch') return <Navigate replace to={path(changePath(plan))} />
  if (choice.does === 'nothing')
    return <Navigate replace to={path(choice.because === 'yours' ? '/subscription' : '/plans')} />
  return <Summary plan={plan} isReady={isVerified && mayBill(account.role)} isVerified={isVerified} />
}

function Summary({ plan, isReady, isVerified }: { plan: Plan; isReady: boolean; isVerified: boolean }) {
  const account = useAccount()
  const checkout = useCheckout()
  const words = t.plans.subscribe
  const { trial } = useTrial()
  const { name, description, priceCents } = plan
  const trialDays = trialDaysNow(plan, trial)
  const seats = describePlanSeats(plan)
  return (
    <AuthPage
      title={words.title(name)}
      below={
        <p className="quiet">
          <AccountLink to="/plans">{words.other}</AccountLink>
        </p>
      }
    >
      <PromotionNote />
      {description && <PlanDescription text={description} />}
      <PlanFeatures plan={plan} />
      <dl className="facts">
        <Fact term={words.price} value={formatPrice(plan)} />
        {seats && <Fact term={t.billing.members} value={seats} />}
        {trialDays > 0 && <Fact term={words.trial} value={words.trialValue(trialDays)} />}
        {priceCents > 0 && <Fact term={words.firstPayment} value={trialDays > 0 ? words.afterTrial : words.now} />}
        {account && (
          <Fact
            term={words.forWhom}
            value={account.kind === 'personal' ? words.personal(account.name) : account.name}
          />
        )}
      </dl>
      {plan.trialDays > 0 && <TrialNote trial={trial} />}
      {trialDays > 0 && plan.provider === 'paymob' && <p className="quiet">{words.cardCheck}</p>}
      <p className="quiet">{isAlwaysFree(plan) ? words.noCard : words.renews}</p>
      <VerificationNotice />
      {!isVerified && (
        <p className="quiet" role="status">
          {words.waiting}
        </p>
      )}
      {isVerified && !isReady && <Notice tone="calm">{t.plans.notNow.role}</Notice>}
      {checkout.error && (
        <Notice tone="bad">
          <Problem error={checkout.error} />
        </Notice>
      )}
      {isReady && (
        <p className="actions">
          <BusyButton busy={checkout.isLeaving} onClick={() => checkout.leave({ plan, as: 'subscribe' })}>
            {priceCents === 0 ? words.start : trialDays > 0 ? t.plans.startTrial : words.pay}
          </BusyButton>
        </p>
      )}
    </AuthPage>
  )
}

function Waiting({ content }: { content: React.ReactNode }) {
  return <AuthPage title={t.plans.title}>{content}</AuthPage>
}

function Gone() {
  return (
    <AuthPage title={t.plans.title} takesOver>
      <Notice tone="warning">{t.plans.subscribe.gone}</Notice>
      <p className="actions">
        <AccountLink className="button" to="/plans">
          {t.plans.seePlans}
        </AccountLink>
      </p>
    </AuthPage>
  )
}
