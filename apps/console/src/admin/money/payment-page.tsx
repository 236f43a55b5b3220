import { useQuery } from '@tanstack/react-query'
import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { Link, useParams } from 'react-router'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { DetailPage, Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { AccessBadge, Deadline, DisputeBadge, Evidence, PaymentBadge } from './badges.tsx'
import { disputeReason, keptOf, ownerName, whatIsNext } from './money-words.ts'
import { DetailSkeleton, OwnerFacts } from './parts.tsx'
import { RefundAct } from './refund-act.tsx'

const words = t.money.payments
const BACK = { to: '/admin/payments', label: words.title }

type Payment = RouterOutputs['admin']['payments']['get']
type Dispute = Payment['disputes'][number]

export function PaymentPage() {
  const { id = '' } = useParams()
  const query = useQuery(trpc.admin.payments.get.queryOptions({ id }))
  if (query.isError) {
    return (
      <DetailPage title={words.title} back={BACK}>
        <LoadFailure error={query.error} retry={() => void query.refetch()} />
      </DetailPage>
    )
  }
  if (!query.data) return <DetailSkeleton title={words.title} back={BACK} />
  const { data } = query
  return (
    <DetailPage
      title={words.of(formatMoney(data.amountCents, data.currency), ownerName(data))}
      back={BACK}
      badges={<PaymentBadge {...data} />}
      acts={data.isRefundable && <RefundAct id={id} currency={data.currency} />}
    >
      <Facts {...data} />
      {data.disputes.length > 0 && (
        <Section title={words.disputes}>
          <DataTable caption={words.disputes} columns={DISPUTES} items={data.disputes} keyOf={(row) => row.id} />
        </Section>
      )}
      <Refunds {...data} />
      {data.subscription && (
        <Section title={words.subscription}>
          <p className="badges">
            <Link to={`/admin/subscriptions/${data.subscription.id}`}>{data.subscription.plan.name}</Link>
            <AccessBadge {...data.subscription} />
            <span className="quiet">{whatIsNext(data.subscription)}</span>
          </p>
        </Section>
      )}
    </DetailPage>
  )
}

function Facts(payment: Payment) {
  return (
    <Section title={words.facts}>
      <dl className="facts">
        <OwnerFacts {...payment} />
        <Fact term={t.money.amount} value={formatMoney(payment.amountCents, payment.currency)} />
        {payment.refundedCents > 0 && (
          <>
            <Fact term={words.refunded} value={formatMoney(payment.refundedCents, payment.currency)} />
            <Fact term={words.left} value={keptOf(payment)} />
          </>
        )}
        <Fact term={t.money.date} value={<Moment at={payment.createdAt} />} />
        <Fact term={t.money.provider} value={t.money.providers[payment.provider]} />
        <Fact
          term={words.invoice}
          value={
            payment.invoiceUrl ? (
              <a href={payment.invoiceUrl} target="_blank" rel="noreferrer">
                {payment.invoiceNumber ?? t.money.openInvoice}
              </a>
            ) : (
              (payment.invoiceNumber ?? t.money.none)
            )
          }
        />
        {payment.providerPaymentId && (
          <Fact term={t.money.providerId} value={<code>{payment.providerPaymentId}</code>} />
        )}
      </dl>
    </Section>
  )
}

function Refunds({ refunds, currency }: Payment) {
  const columns: Column<Payment['refunds'][number]>[] = [
    { title: t.money.date, cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { title: t.money.amount, cell: ({ amountCents }) => formatMoney(amountCents, currency), align: 'end' },
    {
      title: t.money.status,
      cell: ({ status }) => <Badge tone={status === 'done' ? 'good' : 'warning'} label={words.refundStatus[status]} />,
    },
  ]
  return (
    <Section title={words.refunds}>
      {refunds.length === 0 ? (
        <p className="quiet">{words.noRefunds}</p>
      ) : (
        <DataTable caption={words.refunds} columns={columns} items={refunds} keyOf={({ id }) => id} />
      )}
    </Section>
  )
}

const DISPUTES: Column<Dispute>[] = [
  { title: t.money.disputes.reason, cell: ({ reason }) => disputeReason(reason) },
  { title: t.money.status, cell: (row) => <DisputeBadge {...row} /> },
  { title: t.money.amount, cell: ({ amountCents, currency }) => formatMoney(amountCents, currency), align: 'end' },
  { title: t.money.disputes.dueBy, cell: (row) => <Deadline {...row} /> },
  { title: t.money.disputes.evidence, cell: (row) => <Evidence {...row} /> },
]
