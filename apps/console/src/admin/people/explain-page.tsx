import { useQuery } from '@tanstack/react-query'
import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { Link, useParams, useSearchParams } from 'react-router'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Fact } from '../../parts/fact.tsx'
import { Field } from '../../parts/field.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Select } from '../../parts/select.tsx'
import { DetailPage, Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { REASON_TONES } from './plan-cell.tsx'
import './people.css'

type Explanation = RouterOutputs['admin']['explain']
type Told = NonNullable<Explanation['whatIf']>
type Cause = NonNullable<Explanation['since']>['cause']

const words = t.explain
const GRACES = ['none', '1d', '3d', '7d', '14d'] as const

/** Whether an account had access at a moment, why, and what changed it next. The moment is in the URL. */
export function ExplainPage() {
  const { id = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const written = search.get('at') ?? ''
  const at = Number.isNaN(Date.parse(written)) ? undefined : new Date(written)
  const grace = GRACES.find((one) => one !== 'none' && one === search.get('grace'))
  const told = useQuery(trpc.admin.explain.queryOptions({ accountId: id, at, grace }))
  const ask = (form: FormData) => {
    const moment = Date.parse(textOf(form.get('at')))
    const chosen = textOf(form.get('grace'))
    setSearch({
      ...(Number.isNaN(moment) ? {} : { at: new Date(moment).toISOString() }),
      ...(chosen === 'none' ? {} : { grace: chosen }),
    })
  }
  return (
    <DetailPage title={words.title} back={{ to: `/admin/accounts/${id}`, label: words.back }}>
      <form key={search.toString()} action={ask} className="card people-explain">
        <Field
          name="at"
          label={words.at}
          type="datetime-local"
          hint={words.atHint}
          defaultValue={at && localText(at)}
        />
        <Select
          name="grace"
          label={words.grace}
          hint={words.graceHint}
          options={GRACES.map((value) => ({ value, label: words.graces[value] }))}
          defaultValue={grace ?? 'none'}
        />
        <button className="button">{words.ask}</button>
      </form>
      {told.isError && <LoadFailure error={told.error} retry={() => void told.refetch()} />}
      {told.data && <Answer told={told.data} isNow={at === undefined} />}
    </DetailPage>
  )
}

const textOf = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value : '')

/** As the field writes it: local time, to the minute. */
function localText(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function Answer({ told, isNow }: { told: Explanation; isNow: boolean }) {
  const { since, next, whatIf, historyFrom, closedAt, payments } = told
  const isFuture = told.at > told.now
  const isPast = !isNow && !isFuture
  const [access, noAccess] = isNow
    ? [t.accounts.hasAccess, t.accounts.noAccess]
    : isFuture
      ? [words.wouldHave, words.wouldHaveNone]
      : [words.hadAccess, words.hadNone]
  return (
    <>
      <Section title={told.hasAccess ? access : noAccess} aside={<Reason told={told} />}>
        {closedAt && <Notice tone="warning">{words.closed(closedAt)}</Notice>}
        {isFuture && <p className="quiet">{words.future}</p>}
        {told.reason === 'unknown' && (
          <Notice tone="warning">{historyFrom ? words.historyFrom(historyFrom) : words.noHistory}</Notice>
        )}
        <Facts told={told} since={since} isPast={isPast} />
      </Section>
      {isPast && (
        <Section title={words.next}>
          {next ? (
            <p>
              <Moment at={next.at} /> <Reason told={next.access} />{' '}
              {next.by === 'time' ? words.byTime : <CauseOf cause={next.cause} />}
            </p>
          ) : (
            <p className="quiet">{words.nothing}</p>
          )}
        </Section>
      )}
      {whatIf && (
        <Section title={words.whatIf} aside={<Reason told={whatIf} />}>
          <Facts told={whatIf} since={null} isPast={isPast} />
        </Section>
      )}
      {payments.length > 0 && (
        <Section title={words.payments}>
          <ul className="people-list">
            {payments.map(({ id, amountCents, currency, status, createdAt }) => (
              <li key={id}>
                <Link to={`/admin/payments/${id}`}>{formatMoney(amountCents, currency)}</Link>
                <span className="quiet">
                  <Moment at={createdAt} /> · {words.today(paymentStatus(status))}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

const wordOf = (words: Readonly<Record<string, string>>, status: string): string => words[status] ?? status
const paymentStatus = (status: string) => wordOf(t.money.payments.statuses, status)
const subscriptionStatus = (status: string) => wordOf(t.money.statuses, status)

function Reason({ told: { reason } }: { told: Told }) {
  return reason === 'unknown' ? (
    <Badge tone="calm" label={words.reasons.unknown} />
  ) : (
    <Badge tone={REASON_TONES[reason]} label={t.accounts.reasons[reason]} />
  )
}

interface FactsProps {
  told: Told
  since: Explanation['since']
  isPast: boolean
}

function Facts({ told: { until, subscription }, since, isPast }: FactsProps) {
  const moments: [string, Date | null | undefined][] = [
    [isPast ? words.until : words.untilNow, until],
    [words.period, subscription?.currentPeriodEnd],
    [words.endsAt, subscription?.endsAt],
    [words.pausedFrom, subscription?.pausedFrom],
    [words.pastDueSince, subscription?.pastDueSince],
    [words.graceEndsAt, subscription?.graceEndsAt],
  ]
  return (
    <dl className="facts">
      {subscription && (
        <Fact
          term={words.subscription}
          value={
            <>
              <Link to={`/admin/subscriptions/${subscription.id}`}>{subscription.planName}</Link> (
              {subscriptionStatus(subscription.status)})
            </>
          }
        />
      )}
      {moments.map(([term, at]) => at && <Fact key={term} term={term} value={<Moment at={at} />} />)}
      {since && (
        <Fact
          term={since.isOpenBefore ? words.sinceAtLatest : words.since}
          value={
            <>
              <Moment at={since.at} /> · <CauseOf cause={since.cause} />
            </>
          }
        />
      )}
    </dl>
  )
}

function CauseOf({ cause }: { cause: Cause }) {
  if (!cause) return <span className="quiet">{words.causes.unknown}</span>
  const { kind, id, what, by } = cause
  if (kind === 'event') {
    const text = words.causes.event(what)
    return id && what ? <Link to={`/admin/events/${id}`}>{text}</Link> : <>{text}</>
  }
  return <>{kind === 'call' ? words.causes.call(what, by) : words.causes[kind]}</>
}
