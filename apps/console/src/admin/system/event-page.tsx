import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { Link, useParams } from 'react-router'
import { api, trpc } from '../../api.ts'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { Act } from '../kit/act.tsx'
import { DetailPage, Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { Changes } from './changes.tsx'
import { EventStatus } from './events-page.tsx'
import { AccountLink, Id } from './links.tsx'

type Event = RouterOutputs['admin']['webhookEvents']['get']
const words = t.system.events

/** One event: what it is about, what it changed here, and its payload without personal data. */
export function EventPage() {
  const { id = '' } = useParams()
  const event = useQuery(trpc.admin.webhookEvents.get.queryOptions({ id }))
  const back = { to: '/admin/events', label: words.title }
  if (event.isError)
    return (
      <DetailPage title={words.title} back={back}>
        <LoadFailure error={event.error} retry={() => void event.refetch()} />
      </DetailPage>
    )
  if (!event.data)
    return (
      <DetailPage title={words.title} back={back}>
        <Skeleton lines={8} className="system-detail-skeleton" />
      </DetailPage>
    )
  return (
    <DetailPage
      title={event.data.type}
      back={back}
      badges={<EventStatus status={event.data.status} />}
      acts={<Replay id={id} />}
    >
      {event.data.lastError && <Notice tone="bad">{`${words.error}: ${event.data.lastError}`}</Notice>}
      <div className="detail detail-columns">
        <div className="detail">
          <Effect event={event.data} />
          <Payload event={event.data} />
        </div>
        <Facts event={event.data} />
      </div>
    </DetailPage>
  )
}

const Replay = ({ id }: { id: string }) => (
  <Act
    open={words.replay}
    title={words.replayTitle}
    consequences={() => words.replayEffects}
    confirm={words.replayConfirm}
    run={() => api.admin.webhookEvents.replay.mutate({ id })}
    done={words.replayed}
  />
)

function Effect({ event: { account, effect } }: { event: Event }) {
  const { subscriptionId, paymentId, changes } = effect
  const isTouched = account ?? subscriptionId ?? paymentId
  return (
    <Section title={words.effect}>
      {!isTouched && <p className="quiet">{words.notTouched}</p>}
      {isTouched && (
        <p className="system-links">
          {account && <AccountLink account={account} />}
          {subscriptionId && <Link to={`/admin/subscriptions/${subscriptionId}`}>{words.subscription}</Link>}
          {paymentId && <Link to={`/admin/payments/${paymentId}`}>{words.payment}</Link>}
        </p>
      )}
      {changes?.map(({ objectType, objectId, before, after }) => (
        <article key={objectId} className="system-card">
          <h3>
            {t.system.objects[objectType]} <Id id={objectId} />
            {before === null && <span className="quiet"> · {t.system.newRow}</span>}
          </h3>
          <Changes before={before} after={after} />
        </article>
      ))}
      {isTouched && changes === null && <p className="quiet">{words.nothingChanged}</p>}
    </Section>
  )
}

function Payload({ event: { payload, hiddenFields } }: { event: Event }) {
  return (
    <Section title={words.payload}>
      {/* It scrolls, so it must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="payload" tabIndex={0} role="group" aria-label={words.payload}>
        {JSON.stringify(payload, null, 2)}
      </pre>
      {hiddenFields > 0 && <p className="quiet">{words.hidden(hiddenFields)}</p>}
    </Section>
  )
}

const PROVIDERS: Readonly<Record<string, string>> = t.money.providers
const providerOf = ({ provider }: Event): string => PROVIDERS[provider] ?? provider

function Facts({ event }: { event: Event }) {
  return (
    <dl className="facts side-facts">
      <Fact term={words.eventId} value={<Id id={event.providerEventId} />} />
      <Fact term={words.object} value={<Id id={event.objectId} />} />
      <Fact term={words.provider} value={providerOf(event)} />
      <Fact term={words.occurred} value={<Moment at={event.occurredAt} />} />
      <Fact term={words.received} value={<Moment at={event.receivedAt} />} />
      {event.processedAt && <Fact term={words.processed} value={<Moment at={event.processedAt} />} />}
      <Fact term={words.attempts} value={event.attempts} />
    </dl>
  )
}
