import type { EntityManager } from '@mikro-orm/postgresql'

/** A process that has used the job queue in the last days. */
export interface Instance {
  kind: 'work' | 'serve'
  host: string
  pid: number
  node: string
  startedAt: Date
  seenAt: Date
  state: 'alive' | 'quiet' | 'stopped'
}

interface Row {
  supervise: boolean
  host: string
  pid: number
  node_version: string
  started_on: string
  heartbeat_on: string
  is_stopped: boolean
  is_quiet: boolean
}

const MAXIMUM_SHOWN = 100

/** The processes by their last heartbeat, the latest first. pg-boss writes the heartbeats. */
export async function readInstances(em: EntityManager): Promise<Instance[]> {
  const rows = await em.execute<Row[]>(
    `select supervise, host, pid, node_version, started_on, coalesce(stopped_on, heartbeat_on) as heartbeat_on,
       stopped_on is not null as is_stopped,
       heartbeat_on < now() - 3 * heartbeat_seconds * interval '1 second' as is_quiet
     from pgboss.instance where heartbeat_on > now() - interval '1 day'
     order by stopped_on is not null, heartbeat_on desc limit ${MAXIMUM_SHOWN}`,
  )
  return rows.map((row) => ({
    kind: row.supervise ? 'work' : 'serve',
    host: row.host,
    pid: row.pid,
    node: row.node_version,
    startedAt: new Date(row.started_on),
    seenAt: new Date(row.heartbeat_on),
    state: row.is_stopped ? 'stopped' : row.is_quiet ? 'quiet' : 'alive',
  }))
}
