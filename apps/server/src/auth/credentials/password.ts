import { randomBytes } from 'node:crypto'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { limitConcurrency } from '../../platform/limits/limit-concurrency.ts'
import { HASHES_AT_ONCE } from '../../platform/limits/thread-pool.ts'

/** How much work a hash is. `memoryCost` is KiB. */
export interface HashCost {
  readonly memoryCost: number
  readonly timeCost: number
}

/** OWASP's minimum for Argon2id. */
const OWASP_MINIMUM: HashCost = { memoryCost: 19_456, timeCost: 2 }

/** Maximum hashes waiting for each running one. At about 30 hashes a second per core, that is a wait of 2 seconds. */
const WAITING_FOR_EACH = 60

/** Hashes and checks passwords and login codes as PHC strings (Argon2id), off the main thread. */
export interface Passwords {
  /** @throws {Busy} when too many hashes are waiting. */
  hash(secret: string): Promise<string>
  /**
   * Compares a secret with a hash. For `null` it does the same work and returns false: otherwise the time taken would
   * reveal whether an account exists.
   *
   * @throws {Busy} when too many hashes are waiting.
   */
  matches(secret: string, phc: string | null): Promise<boolean>
  /** Whether the hash was made with weaker parameters than today's. */
  isOutdated(phc: string): boolean
}

/**
 * Limits how many hashes run at once, so that a flood of logins leaves threads of libuv's pool to DNS and files.
 *
 * @param cost not a setting: only tests choose a lower one.
 */
export async function createPasswords(cost = OWASP_MINIMUM, atOnce = HASHES_AT_ONCE): Promise<Passwords> {
  const options = { ...cost, type: argon2id, parallelism: 1 } as const
  const inTurn = limitConcurrency({ atOnce, waitingLimit: atOnce * WAITING_FOR_EACH })
  const dummy = await hash(randomBytes(32), options)

  return {
    // The salt is generated here: the library would wait for a thread to do it, and leave this slot idle.
    hash: (secret) => inTurn(() => hash(secret.normalize('NFC'), { ...options, salt: randomBytes(16) })),
    async matches(secret, phc) {
      const same = await inTurn(() => verify(phc ?? dummy, secret.normalize('NFC')))
      return same && phc !== null
    },
    isOutdated: (phc) => needsRehash(phc, options),
  }
}
