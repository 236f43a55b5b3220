import type { RouterOutputs } from '@tollgate/client'
import type { ReactNode } from 'react'
import { Badge } from '../parts/badge.tsx'
import { t } from '../texts/catalogue.ts'
import { formatMoment } from '../words/dates.ts'
import { describeDevice } from '../words/device.ts'

export type LiveSession = RouterOutputs['sessions']['list'][number]

interface SessionCardProps {
  session: LiveSession
  /** The actions; hidden for the current session. */
  children: ReactNode
}

/** A session: its device, its IP address, and when it was last used. */
export function SessionCard({ session, children }: SessionCardProps) {
  const { userAgent, ip, createdAt, lastUsedAt, current } = session
  return (
    <li className="card session">
      <div className="section-head">
        <h2 title={userAgent}>{describeDevice(userAgent)}</h2>
        {current ? <Badge tone="good" label={t.account.session.thisDevice} /> : children}
      </div>
      <p className="quiet">
        {ip}
        <br />
        {t.account.session.lastUsed(formatMoment(lastUsedAt))}
        <br />
        {t.account.session.loggedIn(formatMoment(createdAt))}
      </p>
    </li>
  )
}
