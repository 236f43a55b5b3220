import { featureUse } from '../access/feature-use.ts'
import type { UsageView } from '../usage.schemas.ts'

/** What a statement answered. Numbers and timestamps are text, as `pg` reads them. */
interface Answer {
  readonly allowed: boolean
  readonly used: string
  readonly limit: string | null
  readonly resetsAt: string | null
}

export function usageView({ allowed, used, limit, resetsAt }: Answer): UsageView {
  const most = limit === null ? null : Number(limit)
  return { ...featureUse(most, Number(used), resetsAt === null ? null : new Date(resetsAt)), allowed }
}
