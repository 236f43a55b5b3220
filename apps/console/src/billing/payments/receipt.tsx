import { useQuery } from '@tanstack/react-query'
import { formatMoney } from '@tollgate/client'
import { useAccountInput } from '../../accounts/use-account.ts'
import { trpc } from '../../api.ts'
import { Fact } from '../../parts/fact.tsx'
import { useUser } from '../../session/use-user.ts'
import { t } from '../../texts/catalogue.ts'
import { describeParts } from '../../words/amount-parts.ts'
import { formatDay } from '../../words/dates.ts'

const POLL_INTERVAL_MS = 2_000
/** By then, the payment's event has arrived, unless something is wrong. The subscription page shows it later. */
const MAX_POLLS = 10

/** What was just paid, with its invoice. A trial and a free plan have none. */
export function Receipt() {
  const user = useUser()
  const account = useAccountInput()
  const payments = useQuery({
    ...trpc.billing.payments.list.queryOptions({ ...account, limit: 1 }),
    refetchInterval: ({ state }) =>
      (state.data?.items.length ?? 0) > 0 || state.dataUpdateCount >= MAX_POLLS ? false : POLL_INTERVAL_MS,
  })
  const payment = payments.data?.items[0]
  if (payment?.status !== 'succeeded') return null
  const { amountCents, currency, createdAt, invoiceNumber, invoicePdfUrl } = payment
  const words = t.checkout
  return (
    <section className="card receipt" aria-labelledby="receipt">
      <h2 id="receipt">{words.receipt}</h2>
      <dl className="facts">
        <Fact
          term={words.paid}
          value={[formatMoney(amountCents, currency), describeParts(payment, currency)].filter(Boolean).join(' · ')}
        />
        <Fact term={words.date} value={formatDay(createdAt)} />
        {invoiceNumber && <Fact term={words.invoice} value={invoiceNumber} />}
      </dl>
      {invoicePdfUrl && (
        <p>
          <a href={invoicePdfUrl}>{words.pdf}</a>
        </p>
      )}
      {user && <p className="quiet">{words.receiptByMail(user.email)}</p>}
    </section>
  )
}
