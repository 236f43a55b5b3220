import { formatMoney, type RouterOutputs } from '@tollgate/client'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { t } from '../texts/catalogue.ts'
import { pathTo } from './targets.ts'
import { formatPercent } from './words.ts'

export type Overview = RouterOutputs['admin']['overview']

const words = t.overview

/** The figures of today and of the range. Each leads to its rows. Currencies stand apart. */
export function Tiles({ overview }: { overview: Overview }) {
  const { mrr, revenue, trials, pastDue, recovered, signUps, from, to } = overview
  const days = { from, to }
  return (
    <div className="overview-tiles">
      <Tile title={words.mrr}>
        {mrr.length === 0 && <Nothing />}
        {mrr.map(({ currency, cents, startCents, subscribers }) => (
          <div key={currency} className="overview-amount">
            <Big to={pathTo.mrr(currency)}>{formatMoney(cents, currency)}</Big>
            <p>
              <Link to={pathTo.mrrChanges({ ...days, currency })}>{changeOf(cents - startCents, currency)}</Link>
            </p>
            <p className="quiet">
              <Link to={pathTo.mrr(currency)}>{words.subscribers(subscribers)}</Link>
            </p>
          </div>
        ))}
      </Tile>
      <Tile title={words.revenue}>
        {revenue.length === 0 && <Nothing />}
        {revenue.map(({ currency, cents, payments, refundedCents }) => (
          <div key={currency} className="overview-amount">
            <Big to={pathTo.payments({ ...days, currency, counted: 'revenue' })}>{formatMoney(cents, currency)}</Big>
            <p>
              <Link to={pathTo.payments({ ...days, currency, counted: 'revenue' })}>{words.payments(payments)}</Link>
            </p>
            <p className="quiet">
              <Link to={pathTo.payments({ ...days, currency, counted: 'refunds' })}>
                {words.refunded(formatMoney(refundedCents, currency))}
              </Link>
            </p>
          </div>
        ))}
      </Tile>
      <Tile title={words.trials}>
        <Big to={pathTo.trials('running')}>{trials.running.toLocaleString()}</Big>
        <p>
          {words.running}, <Link to={pathTo.trials('started', days)}>{words.startedTrials(trials.started)}</Link>
        </p>
        <p className="quiet">
          {trials.conversionRate === null ? (
            words.noEndedTrials
          ) : (
            <Link to={pathTo.trials('converted', days)}>
              {words.converted(trials.converted, trials.ended, formatPercent(trials.conversionRate))}
            </Link>
          )}
        </p>
      </Tile>
      <Tile title={words.pastDue}>
        <Big to={pathTo.pastDue()}>{pastDue.subscriptions.toLocaleString()}</Big>
        {pastDue.mrr.map(({ currency, cents }) => (
          <p key={currency}>
            <Link to={pathTo.pastDue(currency)}>{words.mrrAtRisk(formatMoney(cents, currency))}</Link>
          </p>
        ))}
        {recovered.revenue.length === 0 && <p className="quiet">{words.nothingRecovered}</p>}
        {recovered.revenue.map(({ currency, cents }) => (
          <p key={currency} className="quiet">
            <Link to={pathTo.payments({ ...days, currency, counted: 'recovered' })}>
              {words.recovered(formatMoney(cents, currency))}
            </Link>
          </p>
        ))}
      </Tile>
      <Tile title={words.signUps}>
        <Big to={pathTo.people(days)}>{signUps.count.toLocaleString()}</Big>
        <p className="quiet">{words.signUpsHint}</p>
      </Tile>
      <Tile title={words.system}>
        <SystemFigures overview={overview} />
      </Tile>
    </div>
  )
}

function SystemFigures({ overview: { webhooks, jobs, mails } }: { overview: Overview }) {
  const figures = [
    { label: words.webhooks, count: webhooks.failed, to: pathTo.events(), isBad: true },
    { label: words.jobsFailed, count: jobs.failed, to: pathTo.jobs('failed'), isBad: true },
    { label: words.mailsFailed, count: mails.failed, to: pathTo.mails('failed'), isBad: true },
    { label: words.jobsQueued, count: jobs.queued, to: pathTo.jobs('queued'), isBad: false },
    { label: words.jobsRetry, count: jobs.retry, to: pathTo.jobs('retry'), isBad: false },
    { label: words.mailsQueued, count: mails.queued, to: pathTo.mails('queued'), isBad: false },
    { label: words.mailsSent, count: mails.sentLast24h, to: pathTo.mailsSent(), isBad: false },
  ]
  return (
    <dl className="overview-system">
      {figures.map(({ label, count, to, isBad }) => (
        <div key={label} data-bad={(isBad && count > 0) || undefined}>
          <dt>{label}</dt>
          <dd>
            <Link to={to}>{count.toLocaleString()}</Link>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Tile({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="overview-tile" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Big({ to, children }: { to: string; children: ReactNode }) {
  return (
    <p className="overview-big">
      <Link to={to}>{children}</Link>
    </p>
  )
}

const Nothing = () => <p className="quiet">{words.noMoney}</p>

function changeOf(cents: number, currency: string): string {
  if (cents === 0) return words.noChange
  return words.change(`${cents > 0 ? '+' : '−'}${formatMoney(Math.abs(cents), currency)}`)
}
