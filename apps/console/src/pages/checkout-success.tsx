import { useQuery } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { AccountLink } from '../accounts/account-link.tsx'
import { accountPath, useAccount, useAccountInput, useAskedAccountId } from '../accounts/use-account.ts'
import { api, queryClient, tellOtherTabs, trpc } from '../api.ts'
import { recallPurchase } from '../billing/checkout/departure-memory.ts'
import { FindCheckoutAccount } from '../billing/checkout/find-checkout-account.tsx'
import { Receipt } from '../billing/payments/receipt.tsx'
import { SubscriptionCard } from '../billing/subscription/subscription-card.tsx'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { t } from '../texts/catalogue.ts'
import { formatDay } from '../words/dates.ts'
import type { Subscription, Upcoming } from '../words/subscription-status.ts'

const POLL_INTERVAL_MS = 2_000
/** A payment that takes longer than this many polls uses a slow method, such as a bank debit. */
const QUICK_POLLS = 6
const SLOW_POLL_INTERVAL_MS = 15_000

/**
 * The page that the checkout page returns to. Its URL proves nothing, so it shows only what the backend knows. The URL
 * does not name the account either: this tab may know it, otherwise the user's accounts are asked.
 */
export function CheckoutSuccess() {
  const sessionId = useSearchParams()[0].get('session_id')
  const { pathname, search } = useLocation()
  const account = useAccount()
  const asked = useAskedAccountId()
  if (!sessionId) {
    return (
      <Page title={t.checkout.title} narrow>
        <p className="lead">{t.checkout.incomplete}</p>
        <WayOn />
      </Page>
    )
  }
  const buyer = recallPurchase(sessionId)?.accountId
  if (asked === null && buyer !== undefined && buyer !== account?.id) {
    return <Navigate replace to={accountPath(`${pathname}${search}`, buyer)} />
  }
  return <Outcome sessionId={sessionId} />
}

function Outcome({ sessionId }: { sessionId: string }) {
  const { polls, subscription, upcoming, error, pollAgain } = useOutcome(sessionId)
  const asked = useAskedAccountId()
  const bought = recallPurchase(sessionId)
  const isLater = isBought(upcoming, bought)
  const isDecided = isLater || isOutcome(subscription, bought)

  if (!error && !isDecided && polls < QUICK_POLLS) {
    return (
      <Page title={t.checkout.title} narrow>
        <p role="status">{t.checkout.checking}</p>
        <CardSkeleton lines={8} />
      </Page>
    )
  }
  const isUnknown = isTollgateError(error, 'SESSION_NOT_FOUND')
  const has = subscription?.hasAccess && !isLater ? t.checkout.onNow(subscription.plan.name) : null
  return (
    <Page title={isDecided && has ? has : t.checkout.title} narrow takesOver>
      {isUnknown && asked === null && <FindCheckoutAccount sessionId={sessionId} />}
      {isUnknown && asked !== null && <Notice tone="bad">{t.checkout.unknown}</Notice>}
      {error && !isUnknown && <LoadFailure error={error} retry={pollAgain} />}
      {!error && !isDecided && <Notice tone="calm">{t.checkout.notYet(bought?.name)}</Notice>}
      {isLater && upcoming && (
        <Notice tone="good">
          {t.checkout.later(upcoming.plan.name, formatDay(upcoming.startsAt, subscription?.timeZone))}
        </Notice>
      )}
      {isDecided && has && subscription && <Notice tone="good">{thanks(subscription)}</Notice>}
      {isDecided && has && <Receipt />}
      {subscription && <SubscriptionCard subscription={subscription} upcoming={upcoming} />}
      <WayOn />
    </Page>
  )
}

function thanks({ status, priceCents, timeZone, currentPeriodEnd }: Subscription): string {
  if (status === 'trialing') return t.checkout.thanksTrial(formatDay(currentPeriodEnd, timeZone))
  return priceCents === 0 ? t.checkout.thanksFree : t.checkout.thanks
}

/** Polls until the outcome is known: often at first, while the user is likely to wait, then rarely. */
function useOutcome(sessionId: string) {
  const account = useAccountInput()
  const queryKey = ['checkout outcome', sessionId, account]
  // `sync` is a mutation because it writes. It is idempotent, so it can be polled like a query.
  const outcome = useQuery({
    queryKey,
    async queryFn({ signal }) {
      const subscription = await api.billing.subscriptions.sync.mutate({ ...account, sessionId }, { signal })
      queryClient.setQueryData(trpc.billing.subscriptions.current.queryKey(account), subscription)
      const upcoming = await api.billing.subscriptions.upcoming.query(account, { signal })
      queryClient.setQueryData(trpc.billing.subscriptions.upcoming.queryKey(account), upcoming)
      const before = queryClient.getQueryData<Polled>(queryKey)
      const polled = { subscription, upcoming, polls: (before?.polls ?? 0) + 1 }
      const bought = recallPurchase(sessionId)
      if (isKnown(polled, bought) && !isKnown(before, bought)) {
        void queryClient.invalidateQueries(trpc.billing.trial.queryFilter())
        tellOtherTabs()
      }
      return polled
    },
    refetchInterval({ state }) {
      if (state.error || isKnown(state.data, recallPurchase(sessionId))) return false
      return (state.data?.polls ?? 0) < QUICK_POLLS ? POLL_INTERVAL_MS : SLOW_POLL_INTERVAL_MS
    },
  })
  return {
    polls: outcome.data?.polls ?? 0,
    subscription: outcome.data?.subscription,
    upcoming: outcome.data?.upcoming ?? null,
    error: outcome.error,
    pollAgain: () => void outcome.refetch(),
  }
}

interface Polled {
  polls: number
  subscription: Subscription | null
  upcoming: Upcoming | null
}

const isKnown = (polled: Polled | undefined, bought: { code: string } | null): boolean =>
  polled !== undefined && (isBought(polled.upcoming, bought) || isOutcome(polled.subscription, bought))

/** Whether the plan was bought to begin when the present one ends. */
const isBought = (upcoming: Upcoming | null, bought: { code: string } | null): boolean =>
  upcoming !== null && (bought === null || bought.code === upcoming.plan.code)

/** While an upgrade waits for its payment, the backend still returns the old plan. */
function isOutcome(subscription: Subscription | null | undefined, bought: { code: string } | null): boolean {
  if (!subscription || subscription.status === 'pending') return false
  return bought === null || bought.code === subscription.plan.code
}

/** Into the app, and to the subscription. */
function WayOn() {
  const isOrganization = useAccount()?.kind === 'organization'
  return (
    <p className="actions">
      <AccountLink className="button" to="/">
        {t.checkout.goOn}
      </AccountLink>
      <AccountLink className="button button-quiet" to="/subscription">
        {isOrganization ? t.billing.toSubscription : t.billing.toMine}
      </AccountLink>
    </p>
  )
}
