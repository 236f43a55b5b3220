import { TRPCClientError } from '@trpc/client'
import type { AppRouter } from './generated/api.ts'

/**
 * Runs work that may never finish by itself.
 *
 * @param work gets a signal that is aborted when the time is over.
 * @param who does the work, for the error.
 * @throws {TRPCClientError} when the time is over.
 */
export async function inTime<T>(ms: number, work: (signal: AbortSignal) => Promise<T>, who = 'backend'): Promise<T> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`The ${who} did not answer within ${ms / 1000} seconds.`)
      controller.abort(error)
      reject(TRPCClientError.from<AppRouter>(error))
    }, ms)
  })
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
