import { Client } from 'pg'
import { SECOND } from '../durations.ts'
import { connectionOf } from './connection.ts'

/** Wakes those who wait for a NOTIFY on one channel. It connects when the first one waits. */
export interface Bell {
  /** How often it has rung. Read it before you look for work, and hand it to `wait`. */
  readonly rings: number
  /**
   * Waits for a ring after `seen`, or until the time is up. A ring may be missed while the connection is lost, so look
   * for work either way.
   *
   * @param ms at most this long, in milliseconds.
   */
  wait(seen: number, ms: number, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** How long to wait after a connection was lost. */
const RECONNECTED_AFTER = SECOND

/**
 * @param channel a name without characters that need quotes.
 */
export function createBell(databaseUrl: string, channel: string): Bell {
  let rings = 0
  let client: Client | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  let isClosed = false
  const waiting = new Set<() => void>()
  const ring = () => {
    rings += 1
    for (const wake of waiting) wake()
  }

  async function listen(): Promise<void> {
    if (client || isClosed || performance.now() - triedAt < RECONNECTED_AFTER) return
    triedAt = performance.now()
    const { url, ssl } = connectionOf(databaseUrl)
    const opened = new Client({
      ...{ connectionString: url, ssl, application_name: 'tollgate-bell', keepAlive: true },
      connectionTimeoutMillis: 10 * SECOND,
    })
    client = opened
    const forget = () => {
      if (client === opened) client = undefined
      opened.end().catch(() => {}) // it is gone already
    }
    opened.on('error', forget)
    opened.once('end', forget)
    opened.on('notification', ring)
    try {
      await opened.connect()
      await opened.query(`listen ${channel}`)
      ring() // what was sent meanwhile was not heard
    } catch {
      forget()
    }
  }

  return {
    get rings() {
      return rings
    },
    async wait(seen, ms, signal) {
      void listen()
      if (rings !== seen || signal?.aborted || isClosed) return
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(done)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal?.addEventListener('abort', done)
        waiting.add(done)
      })
    },
    async close() {
      isClosed = true
      for (const wake of waiting) wake()
      const open = client
      client = undefined
      await open?.end().catch(() => {}) // it is gone already
    },
  }
}
