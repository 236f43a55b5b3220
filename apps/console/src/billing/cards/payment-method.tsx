import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useState } from 'react'
import { AccountLink } from '../../accounts/account-link.tsx'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { Skeleton } from '../../parts/skeleton.tsx'
import { t } from '../../texts/catalogue.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { PortalButton } from './portal-button.tsx'

type Method = NonNullable<RouterOutputs['billing']['paymentMethod']>

/** The provider is asked once in this time, however often the page is opened. */
const STALE_AFTER_MS = 60_000

/** What the next payment is charged to, and the way to change it. Nothing else on the page waits for it. */
export function PaymentMethod({ cardManagement }: Pick<Subscription, 'cardManagement'>) {
  const account = useAccountInput()
  const method = useQuery({
    ...trpc.billing.paymentMethod.queryOptions(account),
    staleTime: STALE_AFTER_MS,
    retry: false,
  })
  return (
    <section className="card payment-method" aria-labelledby="payment-method">
      <h2 id="payment-method">{t.billing.method.title}</h2>
      <div className="payment-method-row">
        {method.isPending && <Skeleton lines={2} />}
        {method.isError && <p className="quiet">{t.billing.method.unknown}</p>}
        {method.isSuccess && (method.data ? <OnFile method={method.data} /> : <p>{t.billing.method.none}</p>)}
        <div>
          {cardManagement === 'portal' ? (
            <PortalButton label={method.data === null ? t.billing.method.add : t.billing.method.change} />
          ) : (
            <AccountLink className="button button-quiet" to="/subscription/cards">
              {t.billing.manageCards}
            </AccountLink>
          )}
        </div>
      </div>
    </section>
  )
}

const month = new Intl.DateTimeFormat(undefined, { month: '2-digit', year: 'numeric', timeZone: 'UTC' })

function OnFile({ method: { type, brand, last4, expMonth, expYear } }: { method: Method }) {
  const [now] = useState(() => new Date())
  const words = t.billing.method
  const name =
    type === 'card' ? (words.brands[brand ?? ''] ?? brand ?? t.cards.card) : (words.types[type] ?? words.otherType)
  const end =
    expMonth && expYear
      ? { at: new Date(Date.UTC(expYear, expMonth)), said: month.format(Date.UTC(expYear, expMonth - 1)) }
      : null
  const isOver = end !== null && end.at < now
  return (
    <div>
      <p>
        <strong>{last4 ? words.card(name, last4) : name}</strong>
      </p>
      {end && (
        <p className={isOver ? 'bad-news' : 'quiet'}>{isOver ? words.expired(end.said) : words.expires(end.said)}</p>
      )}
    </div>
  )
}
