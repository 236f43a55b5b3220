import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { trpc } from '../../api.ts'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { DetailPage, Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { DeliveryState, lastAnswerOf } from './endpoint-words.tsx'
import { ResendAct } from './resend-acts.tsx'

const words = t.programs.endpoints.deliveries
const BACK = { to: '/admin/webhooks', label: t.programs.endpoints.title }

/** One event on its way to one endpoint: what is sent, and how it was answered. */
export function DeliveryPage() {
  const { id = '' } = useParams()
  const delivery = useQuery(trpc.admin.webhooks.deliveries.get.queryOptions({ id }))
  if (!delivery.data)
    return (
      <DetailPage title={words.title} back={BACK}>
        {delivery.isError ? (
          <LoadFailure error={delivery.error} retry={() => void delivery.refetch()} />
        ) : (
          <Skeleton lines={8} />
        )}
      </DetailPage>
    )
  const { type, state, attempts, lastError, nextAttemptAt, deliveredAt, createdAt, eventId, endpointId, body } =
    delivery.data
  return (
    <DetailPage
      title={type}
      back={{ to: `/admin/webhooks/${endpointId}`, label: words.endpoint }}
      badges={<DeliveryState state={state} />}
      acts={<ResendAct delivery={delivery.data} />}
    >
      {lastError && state !== 'delivered' && <Notice tone="bad">{`${words.lastError}: ${lastError}`}</Notice>}
      <div className="detail detail-columns">
        <Section title={words.body}>
          {/* It scrolls, so it must be reachable by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className="payload" tabIndex={0} role="group" aria-label={words.body}>
            {JSON.stringify(body, null, 2)}
          </pre>
        </Section>
        <dl className="facts side-facts">
          <Fact term={words.eventId} value={<code>{eventId}</code>} />
          <Fact term={words.attempts} value={attempts} />
          <Fact term={words.lastAnswer} value={lastAnswerOf(delivery.data)} />
          {nextAttemptAt && <Fact term={words.next} value={<Moment at={nextAttemptAt} />} />}
          {deliveredAt && <Fact term={words.delivered} value={<Moment at={deliveredAt} />} />}
          <Fact term={words.created} value={<Moment at={createdAt} />} />
        </dl>
      </div>
    </DetailPage>
  )
}
