import type { EntityManager } from '@mikro-orm/postgresql'

/** A queue that gets a job again and again, and its newest job. */
export interface ScheduledQueue {
  queue: string
  /** In UTC. */
  cron: string
  /** The newest job; null if there is none, because finished jobs are deleted after a week. */
  last: {
    state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'
    startedAt: Date | null
    finishedAt: Date | null
    error: string | null
  } | null
}

interface Row {
  name: string
  cron: string
  state: NonNullable<ScheduledQueue['last']>['state'] | null
  started_on: string | null
  completed_on: string | null
  error: string | null
}

/** Reads the schedule as the workers have stored it. */
export async function readSchedule(em: EntityManager): Promise<ScheduledQueue[]> {
  const rows = await em.execute<Row[]>(
    `select schedule.name, schedule.cron, last.state, last.started_on, last.completed_on, last.error
     from pgboss.schedule left join lateral (
       select state, started_on, completed_on, coalesce(output->>'message', output->>'value') as error
       from pgboss.job where name = schedule.name order by created_on desc limit 1
     ) last on true
     order by schedule.name`,
  )
  return rows.map(({ name, cron, state, started_on, completed_on, error }) => ({
    queue: name,
    cron,
    last: state && {
      state,
      startedAt: started_on === null ? null : new Date(started_on),
      finishedAt: completed_on === null ? null : new Date(completed_on),
      error: state === 'completed' ? null : error,
    },
  }))
}
