import { z } from 'zod'
import { MINUTE } from '../../../platform/durations.ts'
import type { ProviderAccount } from '../provider-account.ts'
import type { CallPaymob } from './api/calls.ts'
import { isRefused, refusalOf } from './api/paymob-error.ts'
import { isLiveMode, type PaymobSettings } from './paymob-settings.ts'

/** How long to wait after a failure before Paymob is asked again. */
const PATIENCE = MINUTE

const Profile = z.object({
  profile: z
    .object({ id: z.union([z.int(), z.string()]) })
    .nullish()
    .catch(null),
})

/**
 * Returns a function that asks Paymob once for the account of our keys. Until it has answered, the account is unknown
 * (null). Both modes have the same account, so the mode comes from the secret key.
 *
 * @param calls starts a time budget.
 */
export function rememberAccount(
  calls: () => CallPaymob,
  settings: PaymobSettings,
): () => Promise<ProviderAccount | null> {
  let asked: Promise<ProviderAccount | null> | undefined
  let askedAt = 0
  return async () => {
    if (asked && (await asked) === null && performance.now() - askedAt > PATIENCE) asked = undefined
    if (asked) return asked
    askedAt = performance.now()
    asked = exchangeKey(calls(), settings).then(
      ({ profile }) => (profile ? `merchant_${profile.id}:${isLiveMode(settings) ? 'live' : 'test'}` : null),
      () => null,
    )
    return asked
  }
}

/** Whether Paymob is reachable, and accepts the API key and the secret key. */
export async function checkAccess(
  call: CallPaymob,
  settings: PaymobSettings,
): Promise<'ok' | 'refused' | 'forbidden' | 'unreachable'> {
  try {
    await exchangeKey(call, settings)
  } catch (error) {
    // A key of another form is malformed.
    return isRefused(error) ? 'refused' : readRefusal(error)
  }
  try {
    // Without its fields it is refused, and creates nothing. A wrong key is refused first, with another status.
    await call({ method: 'POST', path: '/v1/intention/', key: 'secret', body: {}, answer: z.unknown() })
    return 'ok'
  } catch (error) {
    return isRefused(error) ? 'ok' : readRefusal(error)
  }
}

function readRefusal(error: unknown): 'refused' | 'forbidden' | 'unreachable' {
  const status = refusalOf(error)?.statusCode
  if (status === 401) return 'refused'
  return status === 403 ? 'forbidden' : 'unreachable'
}

const exchangeKey = async (call: CallPaymob, { apiKey }: PaymobSettings) =>
  call({ method: 'POST', path: '/api/auth/tokens', key: 'none', body: { api_key: apiKey }, answer: Profile })
