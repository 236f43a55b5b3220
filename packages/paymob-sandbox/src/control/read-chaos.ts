import type { CallbackChaos, CallFailure } from '../callbacks/chaos.ts'
import { isRecord } from '../http/fields.ts'

/** @returns what is wrong with the body, if it is not {@link CallbackChaos}. */
export function readChaos(body: unknown): CallbackChaos | string {
  const fields = isRecord(body) ? body : {}
  const { drop = 0, duplicate = 0, reorder = 0, delayMs = 0 } = fields
  if (!isShare(drop) || !isShare(duplicate) || !isShare(reorder))
    return '`drop`, `duplicate` and `reorder` must be shares from 0 to 1.'
  if (typeof delayMs !== 'number' || delayMs < 0) return '`delayMs` must be a number of at least 0.'
  return { drop, duplicate, reorder, delayMs }
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** @returns what is wrong with the body, if it is not `{count, …}` of a {@link CallFailure}. */
export function readFailure(body: unknown): { count: number; failure: CallFailure } | string {
  const { count, status, timeout, reset, afterExecution, delayMs, path } = isRecord(body) ? body : {}
  if (typeof count !== 'number' || count < 0) return '`count` must be a number of at least 0.'
  if (status !== undefined && (typeof status !== 'number' || status < 400 || status > 599))
    return '`status` must be an HTTP status from 400 to 599.'
  if (path !== undefined && typeof path !== 'string') return '`path` must be a part of the path of the calls.'
  const failure: CallFailure = {
    ...(typeof status === 'number' && { status }),
    timeout: timeout === true,
    reset: reset === true,
    afterExecution: afterExecution === true,
    ...(typeof delayMs === 'number' && { delayMs }),
    ...(path !== undefined && { path }),
  }
  const says = failure.status !== undefined || failure.timeout || failure.reset || failure.delayMs !== undefined
  return { count, failure: says ? failure : { ...failure, status: 500 } }
}
