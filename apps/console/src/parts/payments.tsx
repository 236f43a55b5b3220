import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../api.ts'
import { formatDay } from '../words/dates.ts'
import { formatMoney } from '../words/money.ts'
import { describePayment, type Payment } from '../words/payment-status.ts'
import { Badge } from './badge.tsx'
import { BusyButton } from './busy-button.tsx'
import { LoadFailure } from './load-failure.tsx'
import { Loading } from './loading.tsx'

const AT_ONCE = 10

/** What the reader has paid, newest first. */
export function Payments() {
  const payments = useInfiniteQuery(
    trpc.billing.payments.list.infiniteQueryOptions(
      { limit: AT_ONCE },
      { getNextPageParam: (lastPage) => lastPage.nextCursor },
    ),
  )
  if (payments.isPending) return <Loading />
  if (payments.isError && !payments.data)
    return <LoadFailure error={payments.error} retry={() => void payments.refetch()} />

  const items = payments.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <p className="quiet">No payments yet.</p>
  return (
    <>
      <table className="payments">
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Amount</th>
            <th scope="col">Status</th>
            <th scope="col">Invoice</th>
          </tr>
        </thead>
        <tbody>
          {items.map((payment) => (
            <Row key={payment.id} payment={payment} />
          ))}
        </tbody>
      </table>
      {payments.isFetchNextPageError && (
        <LoadFailure error={payments.error} retry={() => void payments.fetchNextPage()} />
      )}
      {payments.hasNextPage && !payments.isFetchNextPageError && (
        <BusyButton quiet busy={payments.isFetchingNextPage} onClick={() => void payments.fetchNextPage()}>
          Show more
        </BusyButton>
      )}
    </>
  )
}

function Row({ payment }: { payment: Payment }) {
  const { createdAt, amountCents, currency, invoiceUrl } = payment
  const day = formatDay(createdAt)
  return (
    <tr>
      <td>{day}</td>
      <td className="payments-amount">{formatMoney(amountCents, currency)}</td>
      <td>
        <Badge {...describePayment(payment)} />
      </td>
      <td>
        {invoiceUrl ? (
          <a href={invoiceUrl} target="_blank" rel="noreferrer" aria-label={`Open the invoice of ${day} in a new tab`}>
            Open
          </a>
        ) : (
          '–'
        )}
      </td>
    </tr>
  )
}
