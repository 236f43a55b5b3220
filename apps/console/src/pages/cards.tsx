import { useRef, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { AccountLink } from '../accounts/account-link.tsx'
import { useAccount, useAccountPath } from '../accounts/use-account.ts'
import { AddCard } from '../billing/cards/add-card.tsx'
import { CardPageOutcome } from '../billing/cards/card-page-outcome.tsx'
import { CardRow } from '../billing/cards/card-row.tsx'
import { PayOverdue, SubscribeAgain } from '../billing/cards/pay-overdue.tsx'
import { useCards, type CardList } from '../billing/cards/use-cards.ts'
import { BackToAccount } from '../billing/checkout/back-to-account.tsx'
import { useSubscription } from '../billing/subscription/use-subscription.ts'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { formatDay } from '../words/dates.ts'
import { mayBill } from '../words/rights.ts'
import type { Subscription } from '../words/subscription-status.ts'

/** The cards of a subscription whose provider has no portal. The provider's page for a new card leads back here. */
export function Cards() {
  const [query] = useSearchParams()
  const sessionId = query.get('session_id')
  const page = <OwnCards sessionId={sessionId} isDeclined={query.get('declined') === 'true'} />
  return sessionId ? <BackToAccount>{page}</BackToAccount> : page
}

function OwnCards({ sessionId, isDeclined }: { sessionId: string | null; isDeclined: boolean }) {
  const user = useUser()
  const account = useAccount()
  const path = useAccountPath()
  const current = useSubscription()
  const isManaged = account !== null && mayBill(account.role)
  const hasCards = isManaged && current.data?.cardManagement === 'cards'
  const cards = useCards({ isEnabled: hasCards })
  const failed = [current, cards].find(({ isError, data }) => isError && data === undefined)

  const isElsewhere = user?.isVerified === false || (current.isSuccess && !hasCards)
  if (account && isElsewhere) return <Navigate replace to={path('/subscription')} />
  return (
    <Page
      title={account?.kind === 'organization' ? t.cards.titleOf(account.name) : t.cards.title}
      above={<AccountLink to="/subscription">{t.cards.back}</AccountLink>}
    >
      {hasCards && sessionId && <CardPageOutcome sessionId={sessionId} isDeclined={isDeclined} />}
      {failed && <LoadFailure error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && !(current.data && cards.data) && <CardSkeleton lines={4} />}
      {current.data && cards.data && <Listed subscription={current.data} list={cards.data} />}
    </Page>
  )
}

function Listed({ subscription, list: { items, retriesAt } }: { subscription: Subscription; list: CardList }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [done, setDone] = useState<string | null>(null)
  const words = t.cards
  return (
    <>
      <Debt subscription={subscription} retriesAt={retriesAt} />
      {done && <Notice tone="good">{done}</Notice>}
      <section className="card" aria-labelledby="cards">
        <h2 id="cards" tabIndex={-1} ref={heading}>
          {words.of(subscription.plan.name)}
        </h2>
        {items.length === 0 ? (
          <p>{t.billing.method.none}</p>
        ) : (
          <ul className="card-rows">
            {items.map((card) => (
              <CardRow
                key={card.id}
                card={card}
                isOnly={items.length === 1}
                onDone={(what) => {
                  setDone(what)
                  heading.current?.focus() // the button that was clicked is gone
                }}
              />
            ))}
          </ul>
        )}
        <AddCard />
      </section>
    </>
  )
}

/** What a failed payment means for the cards. */
function Debt({ subscription, retriesAt }: { subscription: Subscription; retriesAt: Date | null }) {
  const { status, plan, timeZone, recovery } = subscription
  const words = t.cards
  if (retriesAt) return <Notice tone="warning">{words.retries(formatDay(retriesAt, timeZone))}</Notice>
  if (recovery?.action === 'pay') return <PayOverdue subscription={subscription} />
  if (status !== 'unpaid') return null
  return (
    <Notice tone="bad">
      <p>{words.givenUp}</p>
      <SubscribeAgain plan={plan} />
    </Notice>
  )
}
