import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { trpc } from '../../api.ts'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { formatDays } from '../../words/dates.ts'
import { formatPrice } from '../../words/price.ts'
import { DetailPage, Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { AccountCredit } from './account-credit.tsx'
import { AccessBadge } from './badges.tsx'
import { CancelAct } from './cancel-act.tsx'
import { ChangeAct } from './change-act.tsx'
import { ApplyDiscountAct } from './discounts/apply-discount-act.tsx'
import { runningDiscount } from './discounts/discount-words.ts'
import { DropChangeAct } from './drop-change-act.tsx'
import { ownerName, whatIsNext } from './money-words.ts'
import { DetailSkeleton, OwnerFacts, PaymentTable } from './parts.tsx'

const words = t.money.subscriptions
const BACK = { to: '/admin/subscriptions', label: words.title }

export function SubscriptionPage() {
  const { id = '' } = useParams()
  const query = useQuery(trpc.admin.subscriptions.get.queryOptions({ id }))
  if (query.isError) {
    return (
      <DetailPage title={words.title} back={BACK}>
        <LoadFailure error={query.error} retry={() => void query.refetch()} />
      </DetailPage>
    )
  }
  if (!query.data) return <DetailSkeleton title={words.title} back={BACK} />
  const { data } = query
  const isLive = data.status !== 'canceled'
  return (
    <DetailPage
      title={words.of(data.plan.name, ownerName(data))}
      back={BACK}
      badges={
        <>
          <AccessBadge {...data} />
          <span className="quiet">{whatIsNext(data)}</span>
        </>
      }
      acts={
        isLive && (
          <>
            {data.provider !== 'manual' && <ChangeAct subscription={data} />}
            {data.scheduledChange && <DropChangeAct subscription={data} scheduled={data.scheduledChange} />}
            {data.provider === 'stripe' && <ApplyDiscountAct subscription={data} />}
            <CancelAct id={id} />
          </>
        )
      }
    >
      <Section title={words.facts}>
        <dl className="facts">
          <OwnerFacts {...data} />
          <Fact term={t.money.plan} value={<Link to={`/admin/plans/${data.plan.id}`}>{data.plan.name}</Link>} />
          <Fact term={words.pays} value={formatPrice(data)} />
          {data.discounts.length > 0 && (
            <Fact
              term={t.discounts.title}
              value={data.discounts.map((each) => runningDiscount(each, data.currency)).join('; ')}
            />
          )}
          <Fact term={words.quantity} value={data.quantity} />
          <Fact term={words.period} value={formatDays(data.currentPeriodStart, data.currentPeriodEnd)} />
          <Fact term={words.accessUntil} value={data.accessUntil ? <Moment at={data.accessUntil} /> : words.noAccess} />
          {data.scheduledChange && (
            <Fact
              term={words.scheduled}
              value={
                <>
                  {data.scheduledChange.plan.name}, <Moment at={data.scheduledChange.at} withTime={false} />
                </>
              }
            />
          )}
          {data.upcoming && (
            <Fact
              term={words.upcoming}
              value={
                <>
                  {words.upcomingPlan(data.upcoming.plan.name, t.money.providers[data.upcoming.provider])},{' '}
                  <Moment at={data.upcoming.startsAt} withTime={false} />
                </>
              }
            />
          )}
          {data.pastDueSince && isLive && <Fact term={words.pastDueSince} value={<Moment at={data.pastDueSince} />} />}
          {data.graceEndsAt && (
            <Fact
              term={data.accessUntil ? words.graceEnds : words.graceEnded}
              value={<Moment at={data.graceEndsAt} />}
            />
          )}
          <Fact term={words.started} value={<Moment at={data.startedAt} />} />
          <Fact term={t.money.provider} value={t.money.providers[data.provider]} />
          {data.providerSubscriptionId && (
            <Fact term={t.money.providerId} value={<code>{data.providerSubscriptionId}</code>} />
          )}
        </dl>
      </Section>
      <AccountCredit accountId={data.account.id} />
      <Section title={words.payments}>
        <PaymentTable caption={words.payments} items={data.payments} empty={words.noPayments} />
      </Section>
    </DetailPage>
  )
}
