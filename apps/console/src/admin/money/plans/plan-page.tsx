import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { trpc } from '../../../api.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Fact } from '../../../parts/fact.tsx'
import { LoadFailure } from '../../../parts/load-failure.tsx'
import { Moment } from '../../../parts/moment.tsx'
import { describeFeatures } from '../../../words/features.ts'
import { formatPrice } from '../../../words/price.ts'
import { DetailPage, Section } from '../../kit/detail.tsx'
import { DataTable, type Column } from '../../kit/list-page.tsx'
import { t } from '../../texts/catalogue.ts'
import { DetailSkeleton } from '../parts.tsx'
import { FeaturesAct } from './features-act.tsx'
import { MoveAct } from './move-act.tsx'
import { MovesSection } from './moves-section.tsx'
import { ArchivePlanAct, EditPlanAct } from './plan-acts.tsx'
import { liveOf, mrrOf, PLAN_TONES, seatsAt, tierLabel, type PlanDetails } from './plan-words.ts'
import { PricesAct } from './prices-act.tsx'

const words = t.money.plans
const BACK = { to: '/admin/plans', label: words.title }

export function PlanPage() {
  const { id = '' } = useParams()
  const query = useQuery(trpc.admin.plans.get.queryOptions({ id }))
  if (query.isError) {
    return (
      <DetailPage title={words.title} back={BACK}>
        <LoadFailure error={query.error} retry={() => void query.refetch()} />
      </DetailPage>
    )
  }
  if (!query.data) return <DetailSkeleton title={words.title} back={BACK} />
  const { data } = query
  const features = describeFeatures(data)
  const plan = { ...data, prices: data.offers } // as customers see it
  return (
    <DetailPage
      title={data.name}
      back={BACK}
      badges={
        <>
          <Badge tone={PLAN_TONES[data.status]} label={words.statuses[data.status]} />
          {data.highlighted && <Badge tone="calm" label={words.recommended} />}
        </>
      }
      acts={
        <>
          {data.status === 'active' && (
            <>
              <EditPlanAct plan={plan} />
              <PricesAct plan={plan} />
              <FeaturesAct plan={plan} />
            </>
          )}
          {liveOf(data) > 0 && <MoveAct plan={data} />}
          {data.status === 'active' && <ArchivePlanAct plan={plan} />}
        </>
      }
    >
      <Section title={words.facts}>
        <dl className="facts">
          <Fact term={words.code} value={<code>{data.code}</code>} />
          <Fact
            term={t.money.price}
            value={<Lines of={data.offers.map((price) => formatPrice({ ...price, seats: seatsAt(data, price) }))} />}
          />
          {features.length > 0 && <Fact term={words.features} value={<Lines of={features} />} />}
          <Fact term={words.tier} value={tierLabel(data.tier)} />
          <Fact term={words.trialDays} value={data.trialDays} />
          <Fact term={words.provider} value={words.providers[data.provider]} />
          <Fact term={words.perMonth} value={mrrOf(data)} />
          <Fact term={words.sync} value={words.syncs[data.sync]} />
          {data.description && (
            <Fact term={words.description} value={<span className="money-lines">{data.description}</span>} />
          )}
        </dl>
      </Section>
      <Section
        title={words.subscribers}
        aside={<Link to={`/admin/subscriptions?planCode=${data.code}`}>{t.money.showAll}</Link>}
      >
        {liveOf(data) === 0 && <p className="quiet">{words.noSubscribers}</p>}
        <ul className="badges money-counts">
          {Object.entries(data.subscribers).map(([status, count]) => (
            <li key={status}>
              <Link to={`/admin/subscriptions?planCode=${data.code}&status=${status}`}>
                {count.toLocaleString()} {(t.money.statuses as Readonly<Record<string, string>>)[status]}
              </Link>
            </li>
          ))}
        </ul>
      </Section>
      <MovesSection planId={id} />
      <Section title={words.prices}>
        <DataTable
          caption={words.prices}
          columns={PRICES}
          items={data.prices}
          keyOf={(price) => JSON.stringify([price.providerPriceId, price.createdAt, price.priceCents, price.currency])}
        />
      </Section>
    </DetailPage>
  )
}

const Lines = ({ of }: { of: readonly string[] }) => <span className="money-lines">{of.join('\n')}</span>

const PRICES: Column<PlanDetails['prices'][number]>[] = [
  { title: t.money.price, cell: (price) => formatPrice(price) },
  {
    title: t.money.status,
    cell: ({ isCurrent, createdAt }) => (
      <Badge
        tone={isCurrent ? 'good' : 'calm'}
        label={isCurrent ? words.current : createdAt ? words.former : words.custom}
      />
    ),
  },
  { title: words.subscribers, cell: ({ subscribers }) => subscribers.toLocaleString(), align: 'end' },
  {
    title: words.since,
    cell: ({ createdAt }) => (createdAt ? <Moment at={createdAt} withTime={false} /> : t.money.any),
  },
]
