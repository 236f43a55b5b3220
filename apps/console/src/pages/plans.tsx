import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'react-router'
import { trpc } from '../api.ts'
import { logInPath } from '../local-path.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { PlanCard, type Plan } from '../parts/plan-card.tsx'
import { VerificationNotice } from '../parts/verification-notice.tsx'
import { useUser } from '../use-user.ts'
import { explain } from '../words/reasons.ts'

export function Plans() {
  const user = useUser()
  const plans = useQuery(trpc.billing.plans.list.queryOptions())
  const current = useQuery({
    ...trpc.billing.subscriptions.current.queryOptions(),
    enabled: user?.isVerified === true,
  })
  const subscribed = current.data ?? null
  const checkout = useCheckout()

  return (
    <Page title="Plans">
      <VerificationNotice />
      {subscribed && (
        <Notice tone="good">
          <p>
            You have {subscribed.plan.name}. <Link to="/subscription">See your subscription</Link>
          </p>
        </Notice>
      )}
      {checkout.error && <Notice tone="bad">{explain(checkout.error)}</Notice>}
      {plans.isPending && <Loading />}
      {plans.isError && <LoadFailure error={plans.error} retry={() => void plans.refetch()} />}
      {plans.data?.length === 0 && <p className="quiet">There is nothing to subscribe to yet.</p>}
      <ul className="plans">
        {plans.data?.map((plan) => (
          <PlanCard key={plan.id} plan={plan}>
            {!user && (
              <Link className="button" to={logInPath('/plans')} aria-label={`Choose ${plan.name}`}>
                Choose
              </Link>
            )}
            {user?.isVerified && !subscribed && (
              <BusyButton
                busy={checkout.isOpening(plan) || current.isPending}
                aria-label={`Choose ${plan.name}`}
                onClick={() => checkout.open(plan)}
              >
                {checkout.isOpening(plan) ? 'Opening…' : 'Choose'}
              </BusyButton>
            )}
            {subscribed?.plan.id === plan.id && <p className="plan-current">Your plan</p>}
          </PlanCard>
        ))}
      </ul>
    </Page>
  )
}

/** Leads to the provider's page where a plan is paid. */
function useCheckout() {
  const subscribe = useMutation(
    trpc.billing.subscriptions.subscribe.mutationOptions({
      onSuccess: ({ checkoutUrl }) => window.location.assign(checkoutUrl),
    }),
  )
  const { reset, variables, isPending, isSuccess, error } = subscribe
  // Whoever comes back with the browser's own button finds the page as it was left: about to go.
  useEffect(() => {
    window.addEventListener('pageshow', reset)
    return () => window.removeEventListener('pageshow', reset)
  }, [reset])

  const isLeaving = isPending || isSuccess
  return {
    error,
    isOpening: (plan: Plan) => isLeaving && variables.planCode === plan.code,
    open: (plan: Plan) => {
      if (!isLeaving) subscribe.mutate({ planCode: plan.code })
    },
  }
}
