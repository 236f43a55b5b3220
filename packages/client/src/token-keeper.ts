import { inTime } from './in-time.ts'

/**
 * Where an app outside a browser keeps its refresh token between starts: a store that only this app can read, such as
 * the keychain. The methods may be asynchronous.
 */
export interface TokenStorage {
  /** @returns null or undefined if nothing is stored under this key. */
  get(key: string): MaybePromise<string | null | undefined>
  set(key: string, value: string): unknown
  remove(key: string): unknown
}

type MaybePromise<T> = T | Promise<T>

/**
 * Reads and writes the one token. None of its promises rejects, except that of `read`.
 *
 * @param patienceMs how long a login, refresh or logout waits for a storage that does not answer.
 */
export function createTokenKeeper(storage: TokenStorage, key: string, patienceMs: number) {
  let version = 0
  let isWarned = false
  /** What the storage should have, while it does not; null for nothing. */
  let unsaved: string | null | undefined
  /** Runs the writes one after another, also those for which no call waits any longer. */
  let turn: Promise<void> = Promise.resolve()

  const patiently = <T>(work: () => Promise<T>): Promise<T> => inTime(patienceMs, work, 'token storage')

  function warn(error: unknown) {
    // oxlint-disable-next-line no-console -- the session goes on, but not after the next start
    if (!isWarned) console.warn('Tollgate: the token storage failed, so a restart may log the user out.', error)
    isWarned = true
  }

  function save(token: string | null): Promise<void> {
    unsaved = token
    turn = turn.then(async () => {
      try {
        await (token === null ? storage.remove(key) : storage.set(key, token))
        if (unsaved === token) unsaved = undefined
      } catch (error) {
        warn(error)
      }
    })
    return patiently(() => turn).catch(warn)
  }

  return {
    /** Changes with every login and logout. */
    get version() {
      return version
    },
    /** @returns undefined if there is no token. Rejects if the storage can't be read now, unless that does not matter. */
    async read({ isOptional = false } = {}): Promise<string | undefined> {
      try {
        if (unsaved !== undefined) return unsaved ?? undefined
        // Read it each time: another part of the app, such as a background task, may have renewed it.
        const stored = async () => storage.get(key)
        return (await (isOptional ? patiently(stored) : stored())) || undefined
      } catch (error) {
        if (isOptional) return undefined
        throw error
      }
    },
    /** Stores the token of a login. */
    begin(token: string): Promise<void> {
      version++
      return save(token)
    },
    end(): Promise<void> {
      version++
      return save(null)
    },
    /** Stores the successor of a token, unless a login or logout came in between. */
    replace: (token: string, since: number): Promise<void> => (since === version ? save(token) : Promise.resolve()),
    /** Removes a token that the backend refused, unless another one is stored by now. */
    async drop(token: string | undefined, since: number): Promise<void> {
      if (token === undefined || since !== version) return
      const stored = await this.read({ isOptional: true })
      if (stored === token && since === version) await save(null)
    },
  }
}
