import { DriverException } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AccountUsage } from '../account-usage.schemas.ts'
import { UsageEntry } from '../usage-entry.entity.ts'

/** How many of the latest calls are shown. */
const SHOWN = 20
/** No index has an account's calls by time: it would cost every call. An account with very many of them takes long. */
const TIMEOUT = '2s'
const QUERY_CANCELED = '57014'

/**
 * Reads the latest calls that counted something for an account.
 *
 * @returns null if there are too many to find them in time.
 */
export async function readLastUses(em: EntityManager, accountId: string): Promise<AccountUsage['lastUses']> {
  try {
    return await em.transactional(async (em) => {
      await em.execute(`select set_config('statement_timeout', ?, true)`, [TIMEOUT])
      const latest = await em.find(UsageEntry, { accountId }, { orderBy: { id: 'desc' }, limit: SHOWN })
      return latest.map(({ id, feature, key, asked, amount, state, createdAt }) => {
        return { id, feature, key, asked, amount, state, createdAt }
      })
    })
  } catch (error) {
    if (error instanceof DriverException && error.code === QUERY_CANCELED) return null
    throw error
  }
}
