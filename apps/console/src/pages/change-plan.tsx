import { keepPreviousData, useIsFetching, useMutation, useQuery } from '@tanstack/react-query'
import { errorText, isTollgateError, reasonText } from '@tollgate/client'
import { useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount, useAccountInput } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { ChangeCode } from '../billing/plans/change-code.tsx'
import { ChangeFacts } from '../billing/plans/change-facts.tsx'
import { ChangeProblem } from '../billing/plans/change-problem.tsx'
import type { Plan } from '../billing/plans/plan-card.tsx'
import { PlanChanged } from '../billing/plans/plan-changed.tsx'
import { SwitchPlan } from '../billing/plans/switch-plan.tsx'
import { useKeepSubscription, useSubscription } from '../billing/subscription/use-subscription.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { describeChange, describeMove, isWaiting } from '../words/plan-change.ts'
import { askedTerms, heldTerms, isHeld, planAt, termsQuery } from '../words/plan-price.ts'
import { mayBill } from '../words/rights.ts'
import type { Subscription } from '../words/subscription-status.ts'

/** Shows what a plan change costs now and later, and when it takes effect; then the user confirms it. */
export function ChangePlan() {
  const { planCode = '' } = useParams()
  const user = useUser()
  const account = useAccount()
  const isManaged = account !== null && mayBill(account.role)
  const current = useSubscription()
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const failed = [plans, current].find(({ isError, data }) => isError && data === undefined)
  const from = current.data
  const [query] = useSearchParams()
  const asked = askedTerms(query)
  const chosen = [...(plans.data ?? []), ...(from ? [from.plan] : [])].find(({ code }) => code === planCode)
  const to = chosen && planAt(chosen, asked, heldTerms(from ?? null))

  if (user?.isVerified && isManaged && from && to) {
    const key = `${to.id} ${termsQuery(to)}`
    const isElsewhere = from.provider !== 'manual' && from.provider !== to.provider
    return isElsewhere ? <SwitchPlan key={key} from={from} to={to} /> : <Change key={key} from={from} to={to} />
  }
  return (
    <Page title={t.changes.title} narrow>
      <VerificationNotice />
      {failed && <LoadFailure error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && (plans.isPending || current.isLoading) && <Loading />}
      {!isManaged && <p className="lead">{reasonText('ROLE_REQUIRED')}</p>}
      {from === null && <p className="lead">{t.changes.none}</p>}
      {from && plans.data && !to && <p className="lead">{t.changes.gone}</p>}
      <BackToPlans label={t.plans.seePlans} />
    </Page>
  )
}

function Change({ from, to }: { from: Subscription; to: Plan }) {
  const account = useAccountInput()
  const { previewChange, change: changePlan } = trpc.billing.subscriptions
  const { code: planCode, billingPeriod, currency } = to
  // To stay on a plan means to keep its terms, whatever it is sold for today. As it was at first: after the change, it is
  // the user's own plan.
  const [isKept] = useState(() => isHeld(to, from))
  const withoutCode = { ...account, planCode, ...(!isKept && { billingPeriod, currency }) }
  const [promotionCode, setCode] = useState<string>()
  const input = { ...withoutCode, ...(promotionCode !== undefined && { promotionCode }) }
  // The user pays exactly what is shown, so don't refetch the preview in the background.
  const preview = useQuery({
    ...previewChange.queryOptions(input),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  })
  // Also of a promotion code: a click meanwhile would pay without it.
  const isAsking = useIsFetching(previewChange.pathFilter()) > 0
  const change = useMutation(changePlan.mutationOptions(useKeepSubscription()))
  const applyCode = (code: string | undefined) => {
    if (change.isPending || change.isSuccess) return
    change.reset()
    setCode(code)
  }
  const retry = () => {
    change.reset()
    void preview.refetch()
  }

  if (change.data && preview.data) return <PlanChanged subscription={change.data} to={to} preview={preview.data} />
  const isStale = isTollgateError(change.error, 'PREVIEW_STALE')
  const problem = preview.error ?? (isStale ? null : change.error)
  return (
    <Page title={t.changes.title} narrow>
      {isStale && <Notice tone="warning">{errorText(change.error)}</Notice>}
      {problem && <ChangeProblem error={problem} from={from} to={to} retry={retry} />}
      {preview.isPending && <Loading what={t.changes.asking} />}
      {preview.data && !preview.error && (
        <section className="card" aria-label={t.changes.what} aria-busy={preview.isFetching}>
          <h2>{describeMove(from, to)}</h2>
          <p>{describeChange({ from, to, preview: preview.data }).meaning}</p>
          <ChangeFacts change={{ from, to, preview: preview.data }} />
          {!isKept && from.provider === 'stripe' && !isWaiting({ from, to, preview: preview.data }) && (
            <ChangeCode input={withoutCode} code={promotionCode} onChange={applyCode} />
          )}
          <p className="actions">
            <BusyButton
              busy={change.isPending || isAsking}
              onClick={() =>
                change.mutate(
                  { ...input, prorationDate: preview.data.prorationDate },
                  { onError: (error) => isTollgateError(error, 'PREVIEW_STALE') && void preview.refetch() },
                )
              }
            >
              {describeChange({ from, to, preview: preview.data }).action}
            </BusyButton>
            <AccountLink className="button button-quiet" to="/plans">
              {t.changes.nothing}
            </AccountLink>
          </p>
        </section>
      )}
      {problem && <BackToPlans label={t.changes.back} />}
    </Page>
  )
}

function BackToPlans({ label }: { label: string }) {
  return (
    <p>
      <AccountLink to="/plans">{label}</AccountLink>
    </p>
  )
}
