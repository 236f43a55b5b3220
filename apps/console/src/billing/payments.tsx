import { formatMoney } from '@tollgate/client'
import { useRef } from 'react'
import { Badge } from '../parts/badge.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { formatDay } from '../words/dates.ts'
import { describePayment, isOwed, type Payment } from '../words/payment-status.ts'
import { PaymentsExport } from './payments-export.tsx'
import { PortalButton } from './portal-button.tsx'
import { usePayments } from './use-payments.ts'

/** The account's payments, newest first, with actions. */
export function Payments({ hasCustomer }: { hasCustomer: boolean }) {
  const table = useRef<HTMLTableElement>(null)
  const payments = usePayments()
  if (payments.isPending) return <Loading />
  if (payments.isError && !payments.data)
    return <LoadFailure error={payments.error} retry={() => void payments.refetch()} />

  const isEmpty = payments.data.length === 0
  return (
    <>
      {isEmpty ? (
        <p className="quiet">No payments yet.</p>
      ) : (
        <table className="payments" ref={table} tabIndex={-1} aria-label="Payments">
          <thead>
            <tr>
              <th scope="col">Date</th>
              <th scope="col">Amount</th>
              <th scope="col">Status</th>
              <th scope="col">Invoice</th>
            </tr>
          </thead>
          <tbody>
            {payments.data.map((payment) => (
              <Row key={payment.id} payment={payment} />
            ))}
          </tbody>
        </table>
      )}
      {payments.isFetchNextPageError && (
        <LoadFailure error={payments.error} retry={() => void payments.fetchNextPage()} />
      )}
      <div className="actions">
        {payments.hasNextPage && !payments.isFetchNextPageError && (
          <BusyButton
            quiet
            busy={payments.isFetchingNextPage}
            onClick={() =>
              void payments.fetchNextPage().then(({ hasNextPage }) => {
                if (!hasNextPage) table.current?.focus() // the button disappears
              })
            }
          >
            Older payments
          </BusyButton>
        )}
        {(hasCustomer || !isEmpty) && <PortalButton />}
        {!isEmpty && <PaymentsExport />}
      </div>
    </>
  )
}

function Row({ payment }: { payment: Payment }) {
  const { createdAt, amountCents, refundedCents, currency, invoiceUrl } = payment
  const day = formatDay(createdAt)
  const [verb, action] = isOwed(payment) ? ['Pay', 'Pay the invoice'] : ['Open', 'Open the invoice']
  return (
    <tr>
      <td>{day}</td>
      <td>
        <span className="payments-amount">{formatMoney(amountCents, currency)}</span>
        {refundedCents > 0 && <p className="quiet">{formatMoney(refundedCents, currency)} refunded</p>}
      </td>
      <td>
        <Badge {...describePayment(payment)} />
      </td>
      <td>
        {invoiceUrl ? (
          <a href={invoiceUrl} target="_blank" rel="noreferrer" aria-label={`${action} of ${day} in a new tab`}>
            {verb}
          </a>
        ) : (
          '–'
        )}
      </td>
    </tr>
  )
}
