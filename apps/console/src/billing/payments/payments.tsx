import { formatMoney } from '@tollgate/client'
import { useRef } from 'react'
import { AccountLink } from '../../accounts/account-link.tsx'
import { Badge } from '../../parts/badge.tsx'
import { BusyButton } from '../../parts/busy-button.tsx'
import { CardSkeleton } from '../../parts/card-skeleton.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { t } from '../../texts/catalogue.ts'
import { describeParts } from '../../words/amount-parts.ts'
import { formatDay } from '../../words/dates.ts'
import { describePayment, isOwed, type Payment } from '../../words/payment-status.ts'
import type { Subscription } from '../../words/subscription-status.ts'
import { PortalButton } from '../cards/portal-button.tsx'
import { PaymentsExport } from './payments-export.tsx'
import { usePayments } from './use-payments.ts'

/** The account's payments, newest first, with actions. */
export function Payments({ cardManagement }: Pick<Subscription, 'cardManagement'>) {
  const table = useRef<HTMLTableElement>(null)
  const payments = usePayments()
  if (payments.isPending) return <CardSkeleton lines={4} />
  if (payments.isError && !payments.data)
    return <LoadFailure error={payments.error} retry={() => void payments.refetch()} />

  const isEmpty = payments.data.length === 0
  // Without a subscription, the payments tell: a provider with a portal has a page for each invoice, too.
  const hasPortal =
    cardManagement === null ? payments.data.some(({ invoiceUrl }) => invoiceUrl !== null) : cardManagement === 'portal'
  return (
    <>
      {isEmpty ? (
        <p className="quiet">{t.billing.payments.none}</p>
      ) : (
        <table className="payments" ref={table} tabIndex={-1} aria-label={t.billing.payments.title}>
          <thead>
            <tr>
              <th scope="col">{t.billing.payments.date}</th>
              <th scope="col">{t.billing.payments.what}</th>
              <th scope="col">{t.billing.payments.amount}</th>
              <th scope="col">{t.billing.payments.status}</th>
              <th scope="col">{t.billing.payments.invoice}</th>
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
            {t.billing.payments.older}
          </BusyButton>
        )}
        {hasPortal && <PortalButton />}
        {cardManagement !== 'cards' && (
          <AccountLink className="button button-quiet" to="/subscription/details">
            {t.billing.details}
          </AccountLink>
        )}
        {!isEmpty && <PaymentsExport />}
      </div>
    </>
  )
}

function Row({ payment }: { payment: Payment }) {
  const { createdAt, amountCents, refundedCents, currency, planName, invoiceNumber } = payment
  const parts = describeParts(payment, currency)
  const words = t.billing.payments
  return (
    <tr>
      <td>
        {formatDay(createdAt)}
        {invoiceNumber && <p className="payments-number quiet">{invoiceNumber}</p>}
      </td>
      <td data-label={words.what}>{planName ?? words.noInvoice}</td>
      <td data-label={words.amount}>
        <span className="payments-amount">{formatMoney(amountCents, currency)}</span>
        {parts && <p className="quiet">{parts}</p>}
        {refundedCents > 0 && <p className="quiet">{words.refunded(formatMoney(refundedCents, currency))}</p>}
      </td>
      <td data-label={words.status}>
        <Badge {...describePayment(payment)} />
      </td>
      <td>
        <Invoice payment={payment} />
      </td>
    </tr>
  )
}

function Invoice({ payment }: { payment: Payment }) {
  const { createdAt, invoiceUrl, invoicePdfUrl } = payment
  const words = t.billing.payments
  const day = formatDay(createdAt)
  if (!invoiceUrl) return words.noInvoice
  const isDue = isOwed(payment)
  return (
    <span className="payments-links">
      <a
        className={isDue ? 'button button-small' : undefined}
        href={invoiceUrl}
        target="_blank"
        rel="noreferrer"
        aria-label={isDue ? words.payFully(day) : words.viewFully(day)}
      >
        {isDue ? words.pay : words.view}
      </a>
      {invoicePdfUrl && (
        <a href={invoicePdfUrl} aria-label={words.pdfFully(day)}>
          {words.pdf}
        </a>
      )}
    </span>
  )
}
