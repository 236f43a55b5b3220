import type { EntityManager } from '@mikro-orm/postgresql'
import type { ServiceCaller } from '../../platform/caller.ts'
import { after, type Clock } from '../../platform/clock.ts'
import { inBatchesByTick } from '../../platform/database/batches.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import { MINUTE } from '../../platform/durations.ts'
import { InvalidServiceKey } from '../../platform/errors/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { ServiceScope } from '../../platform/service-scopes.schemas.ts'
import { hashOf, isSameHash, keyIn } from './key-text.ts'

/** A row of the answer. All but the hash are null for an unknown key. */
interface KeyRow {
  wanted: string
  hash: string | null
  id: string
  name: string
  scopes: ServiceScope[]
  isValid: boolean | null
  /** Whether its last use was noted a minute ago or longer. */
  isStale: boolean
}

const READ_KEYS = {
  name: 'read-service-keys',
  text: `select wanted.hash as wanted, known.hash, known.id, known.name, known.scopes,
       known.revoked_at is null and (known.expires_at is null or known.expires_at > $1) as "isValid",
       known.last_used_at is null or known.last_used_at <= $2 as "isStale"
     from jsonb_to_recordset($3) as wanted (place int, hash text)
       left join service_keys known on known.hash = wanted.hash
     order by wanted.place`,
}

const NOTE_USE = {
  name: 'note-service-key-use',
  text: `update service_keys set last_used_at = $1
     where id = $2 and revoked_at is null and (last_used_at is null or last_used_at <= $3)`,
}

/** How exactly the last use of a key is known. */
const USE_NOTED_EVERY = MINUTE

/**
 * Creates the function that finds out whose key a request has. It reads the key each time, so a key that was revoked or
 * has expired fails at the next request. All keys that arrive together share one statement.
 *
 * The time of use is written aside: no request waits for it, or fails with it.
 *
 * @param em provides the connections only.
 * @returns a function that takes a request's `Authorization` header, and throws InvalidServiceKey.
 */
export function createServiceAuthenticator(
  em: EntityManager,
  { clock, log }: { clock: Clock; log: Log },
): (authorization: string | undefined) => Promise<ServiceCaller> {
  const readKey = inBatchesByTick((hashes: readonly string[]) => {
    const now = clock.now()
    const wanted = hashes.map((hash, place) => ({ place, hash }))
    return runPrepared<KeyRow>(em, READ_KEYS, [now, after(now, -USE_NOTED_EVERY), JSON.stringify(wanted)])
  })
  const writing = new Set<string>()

  async function noteUse(id: string): Promise<void> {
    if (writing.has(id)) return
    writing.add(id)
    try {
      const now = clock.now()
      await runPrepared(em, NOTE_USE, [now, id, after(now, -USE_NOTED_EVERY)])
    } catch (error) {
      log.warn({ err: error, serviceKeyId: id }, 'use of a service key not noted')
    } finally {
      writing.delete(id)
    }
  }

  return async (authorization) => {
    const key = keyIn(authorization)
    if (!key) throw new InvalidServiceKey()
    const row = await readKey(hashOf(key))
    if (row.hash === null || !isSameHash(row.hash, row.wanted) || !row.isValid) throw new InvalidServiceKey()
    if (row.isStale) void noteUse(row.id)
    return { keyId: row.id, name: row.name, scopes: row.scopes }
  }
}
