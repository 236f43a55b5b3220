import type { EntityManager } from '@mikro-orm/postgresql'
import { digestOf } from './digest.ts'
import type { PresentedEvent, WaitingEvent } from './waiting-event.ts'

interface Row {
  id: string
  kind: 'personal' | 'organization'
  name: string
  isOpen: boolean
  publicData: Record<string, unknown>
  createdAt: string
}

/**
 * Presents accounts as they are now. The name of a personal account and whether it is open are its user's, so no trigger
 * could tell them of a change that another transaction makes at the same time.
 */
export async function presentAccounts(em: EntityManager, events: readonly WaitingEvent[]): Promise<PresentedEvent[]> {
  if (events.length === 0) return []
  const rows = await em.execute<Row[]>(
    `select account.id, account.kind, coalesce(account.name, holder.username) as name,
       account.closed_at is null and coalesce(holder.is_active, true) as "isOpen", 
       coalesce(account.public_data, '{}') as "publicData", account.created_at as "createdAt"
     from accounts account left join users holder on holder.id = account.id
     where account.id = any(?::uuid[])`,
    [`{${events.map(({ object_id }) => object_id).join(',')}}`],
  )
  const present = new Map(rows.map((row) => [row.id, row]))
  return events.map((event) => {
    const { createdAt, ...account } = present.get(event.object_id) ?? gone(event)
    const data = { ...account, createdAt: new Date(createdAt) }
    return { event, data, digest: digestOf(data) }
  })
}

/** The row that a trigger saw last. */
const gone = ({ data }: WaitingEvent): Row => ({
  id: String(data['id']),
  kind: data['kind'] === 'organization' ? 'organization' : 'personal',
  name: typeof data['name'] === 'string' ? data['name'] : '',
  isOpen: false,
  publicData: {},
  createdAt: String(data['createdAt']),
})
