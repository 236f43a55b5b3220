import type { EntityManager } from '@mikro-orm/postgresql'
import type { PresentedEvent } from '../record/waiting-event.ts'

/** What the sequencer writes down about an object. */
interface ObjectChange {
  kind: string
  id: string
  count: number
  digest: string | null
  due_at: Date | null
}

/** The feed's own object: its version is the last position. */
const FEED = { kind: 'feed', id: '' } as const

const keyOf = ({ kind, id }: { kind: string; id: string }): string => `${kind} ${id}`

/** The positions that a batch was given: those after the first number, up to the second one. */
export interface Range {
  readonly after: number
  readonly upTo: number
}

/**
 * Gives events their versions and positions, in their order. Of those whose state was read just now, one that says
 * nothing new is removed instead.
 *
 * @param em the sequencer's transaction.
 */
export async function numberEvents(em: EntityManager, events: readonly PresentedEvent[], now: Date): Promise<Range> {
  const known = await readDigests(em, events)
  const objects = new Map<string, ObjectChange>()
  const [told, silent]: [PresentedEvent[], PresentedEvent[]] = [[], []]
  for (const presented of events) {
    const { event, digest = null, dueAt = null } = presented
    const { object_kind: kind, object_id: id, type } = event
    const key = keyOf({ kind, id })
    const isNews = digest === null || known.get(key) !== digest || !REPEATABLE.has(type)
    if (digest !== null) known.set(key, digest)
    const count = (objects.get(key)?.count ?? 0) + (isNews ? 1 : 0)
    objects.set(key, { kind, id, count, digest, due_at: dueAt })
    ;(isNews ? told : silent).push(presented)
  }
  const last = await countUp(em, [...objects.values(), { ...FEED, count: told.length, digest: null, due_at: null }])
  const upTo = last.get(keyOf(FEED)) ?? 0
  const after = upTo - told.length
  const rows = told.toReversed().map(({ event, data }, index) => {
    const key = keyOf({ kind: event.object_kind, id: event.object_id })
    const version = last.get(key) ?? 0
    last.set(key, version - 1)
    return { seq: event.seq, position: upTo - index, version, data }
  })
  await em.execute(
    `update events set position = given.position, version = given.version, data = given.data, sequenced_at = ?
     from jsonb_to_recordset(?::jsonb) as given (seq bigint, position bigint, version bigint, data jsonb)
     where events.seq = given.seq and events.position is null`,
    [now, JSON.stringify(rows)],
  )
  if (silent.length > 0)
    await em.execute('delete from events where seq = any(?::bigint[]) and position is null', [
      `{${silent.map(({ event }) => event.seq).join(',')}}`,
    ])
  return { after, upTo }
}

/** Only these may say the same twice. That something was created or deleted is always told. */
const REPEATABLE: ReadonlySet<string> = new Set(['account.updated', 'entitlements.changed'])

async function readDigests(em: EntityManager, events: readonly PresentedEvent[]): Promise<Map<string, string | null>> {
  const objects = events.flatMap(({ digest, event }) =>
    digest === undefined ? [] : [{ kind: event.object_kind, id: event.object_id }],
  )
  if (objects.length === 0) return new Map()
  const rows = await em.execute<{ kind: string; id: string; digest: string | null }[]>(
    `select kind, id, digest from event_objects
     where (kind, id) in (select kind, id from jsonb_to_recordset(?::jsonb) as asked (kind text, id text))`,
    [JSON.stringify(objects)],
  )
  return new Map(rows.map((row) => [keyOf(row), row.digest]))
}

async function countUp(em: EntityManager, objects: readonly ObjectChange[]): Promise<Map<string, number>> {
  const rows = await em.execute<{ kind: string; id: string; version: string }[]>(
    `insert into event_objects as known (kind, id, version, digest, due_at)
     select kind, id, count, digest, due_at from jsonb_to_recordset(?::jsonb)
       as changed (kind text, id text, count bigint, digest text, due_at timestamptz)
     on conflict (kind, id) do update
       set version = known.version + excluded.version, digest = excluded.digest, due_at = excluded.due_at
     returning kind, id, version`,
    [JSON.stringify(objects)],
  )
  return new Map(rows.map((row) => [keyOf(row), Number(row.version)]))
}
