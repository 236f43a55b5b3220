import type { CallbackRow } from '../state/rows.ts'
import { fresh, type Paymob } from './paymob.ts'
import { signSubscription, signToken, signTransaction } from './signatures.ts'

type Values = Readonly<Record<string, string | number | boolean | null>>

/**
 * Sends a callback that never happened: a copy of another one with some fields changed, and signed again. Its HMAC is
 * valid, as that of a callback whose secret has leaked, or whose changed fields are not signed.
 *
 * @param values by path, such as `obj.amount_cents` or `subscription_data.state`.
 */
export function forge(paymob: Paymob, original: CallbackRow, values: Values): CallbackRow {
  const body = JSON.parse(original.body) as Record<string, unknown>
  for (const [path, value] of Object.entries(values)) setAt(body, path.split('.'), value)
  const row = paymob.state.callbacks.add({
    ...original,
    ...fresh(paymob),
    ...signed(paymob, original, body),
    forges: original.id,
    status: 'pending',
    attempts: 0,
    responseStatus: null,
  })
  paymob.deliverer.resend(row)
  return row
}

function signed(
  { account: { hmacSecret } }: Paymob,
  { kind }: CallbackRow,
  body: Record<string, unknown>,
): Pick<CallbackRow, 'body' | 'hmac' | 'type'> {
  if (kind === 'subscription') {
    const { trigger_type, subscription_data } = body as { trigger_type: string; subscription_data: { id: number } }
    const hmac = signSubscription(hmacSecret, trigger_type, subscription_data.id)
    return { body: JSON.stringify({ ...body, hmac }), hmac: null, type: trigger_type }
  }
  const { obj = {} } = body as { obj?: object }
  const hmac = kind === 'token' ? signToken(hmacSecret, obj) : signTransaction(hmacSecret, obj)
  return { body: JSON.stringify(body), hmac, type: kind.toUpperCase() }
}

function setAt(target: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = value
    return
  }
  const inner = target[name]
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
  target[name] = next
  setAt(next, rest, value)
}
