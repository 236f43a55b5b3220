import type { Scope } from '../../platform/scope.ts'

interface AccountCounts {
  total: number
  active: number
  verified: number
  /** Opened since the given time. */
  new30d: number
}

/** Counts the accounts. Each figure has its own index; the indexes of rare states are small. */
export async function countAccounts({ em }: Pick<Scope, 'em'>, { since }: { since: Date }): Promise<AccountCounts> {
  const [row] = await em.execute<{ total: string; inactive: string; unverified: string; recent: string }[]>(
    `select (select count(*) from users) as total,
            (select count(*) from users where is_active = false) as inactive,
            (select count(*) from users where is_verified = false) as unverified,
            (select count(*) from users where created_at >= ?) as recent`,
    [since],
  )
  const total = Number(row?.total ?? 0)
  return {
    total,
    active: total - Number(row?.inactive ?? 0),
    verified: total - Number(row?.unverified ?? 0),
    new30d: Number(row?.recent ?? 0),
  }
}
