import { OWN_PREFIX } from '../extension.queues.ts'
import type { ExtensionConfig } from '../extension.schemas.ts'

/** What is asked of pg-boss. */
interface Schedules {
  getSchedules(): Promise<readonly { name: string }[]>
  unschedule(name: string): Promise<void>
}

/** Removes the schedules of jobs that the configuration no longer has, or has without `cron`. */
export async function removeOldSchedules(boss: Schedules, { jobs = {} }: ExtensionConfig): Promise<void> {
  const scheduled = Object.entries(jobs).filter(([, { cron }]) => cron !== undefined)
  const kept = new Set(scheduled.map(([name]) => `${OWN_PREFIX}${name}`))
  for (const { name } of await boss.getSchedules()) {
    if (name.startsWith(OWN_PREFIX) && !kept.has(name)) await boss.unschedule(name)
  }
}
