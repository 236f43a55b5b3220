import { randomBytes } from 'node:crypto'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { limitConcurrency } from '../../platform/limits/limit-concurrency.ts'
import { HASHES_AT_ONCE } from '../../platform/limits/thread-pool.ts'

/** OWASP's minimum for Argon2id; `memoryCost` is KiB. */
const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** How many may wait for each that runs; at some 30 hashes a second and core this is a wait of about two seconds. */
const WAITING_FOR_EACH = 60

/** Hashes and checks passwords and log-in codes as PHC strings (Argon2id), off the main thread. */
export interface Passwords {
  /** @throws {Busy} */
  hash(secret: string): Promise<string>
  /**
   * Compares a secret with a hash; with `null` it does the same work and answers false, so that the time taken
   * does not tell whether there is an account.
   *
   * @throws {Busy}
   */
  matches(secret: string, phc: string | null): Promise<boolean>
  /** True when the hash was made with a weaker setting than today's. */
  isOutdated(phc: string): boolean
}

/** A flood of log-ins waits in line: the rest of libuv's thread pool stays free for DNS and files. */
export async function createPasswords(atOnce = HASHES_AT_ONCE): Promise<Passwords> {
  const inTurn = limitConcurrency({ atOnce, waitingLimit: atOnce * WAITING_FOR_EACH })
  const dummy = await hash(randomBytes(32), COST)

  return {
    // With the salt made here: the library would wait for a thread to make it, while this turn stands idle.
    hash: (secret) => inTurn(() => hash(secret.normalize('NFC'), { ...COST, salt: randomBytes(16) })),
    async matches(secret, phc) {
      const same = await inTurn(() => verify(phc ?? dummy, secret.normalize('NFC')))
      return same && phc !== null
    },
    isOutdated: (phc) => needsRehash(phc, COST),
  }
}
