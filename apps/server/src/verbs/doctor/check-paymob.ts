import { countLive, createPaymobGateway, inspectPaymobNotes, newestLive } from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { paymobAddresses, paymobKeys, isPaymobs } from '../../paymob-settings.ts'
import { systemClock } from '../../platform/clock.ts'
import { SECOND } from '../../platform/durations.ts'
import { hostnameIsLoopback } from '../../platform/http/loopback.ts'
import { askDatabase } from './ask-database.ts'
import { checkProvider } from './check-provider.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

/** Checks Paymob's keys and plans, and says which addresses its dashboard needs. Nothing while Paymob is off. */
export async function checkPaymob(config: Config): Promise<Finding[]> {
  const keys = paymobKeys(config)
  if (!keys) return checkLeftThere(config)
  const addresses = paymobAddresses(config)
  const now = async () => systemClock.now()
  const settings = { ...keys, ...addresses, clock: systemClock, now }
  const provider = createPaymobGateway(settings)
  const isSandbox = !isPaymobs(config.PAYMOB_URL)
  const where = isSandbox ? `the sandbox at ${config.PAYMOB_URL}` : config.PAYMOB_URL
  const refused = `${where} refuses the keys: copy PAYMOB_API_KEY and PAYMOB_SECRET_KEY from the dashboard again, and set PAYMOB_URL to the host of the account’s country.`
  return [
    ...(await checkProvider(config, provider, { where, refused, forbidden: refused })),
    ...(await checkNotes(config, settings)),
    fine(
      `Payments by integration ${keys.cardIntegration}, renewals by ${keys.motoIntegration}. In the dashboard, both have the callbacks ${addresses.callbackUrl} (processed) and ${addresses.returnUrl} (response).`,
    ),
    ...(!isSandbox && hostnameIsLoopback(new URL(config.API_URL).hostname)
      ? [odd('Paymob can’t reach this machine, so no callback arrives: set API_URL to an address that it can reach.')]
      : []),
  ]
}

/** Paymob goes on charging for its subscriptions, whether its settings are here or not. */
async function checkLeftThere(config: Config): Promise<Finding[]> {
  const live = await askDatabase(config, async (em) => countLive(em, 'paymob')).catch(() => 0)
  if (live === 0) return [fine('Paymob is off: none of its settings is set.')]
  return [
    wrong(
      `Paymob is off, but still charges for live subscriptions (${live}). Their payments don’t arrive here, and none can be canceled or refunded. Set the six settings of Paymob again, even if you no longer sell anything there.`,
    ),
  ]
}

/** How many subscriptions are read. */
const SAMPLE = 10

/**
 * Plan changes, cancellations and refunds are noted in callback URLs by `register_webhook`. Whether Paymob keeps them is
 * not documented, so this looks at those that were changed last.
 */
async function checkNotes(config: Config, settings: Parameters<typeof inspectPaymobNotes>[0]): Promise<Finding[]> {
  try {
    const ids = await askDatabase(config, async (em) => newestLive(em, 'paymob', SAMPLE))
    if (ids.length === 0) return []
    const { noted, elsewhere, asked } = await inspectPaymobNotes(settings, ids, 8 * SECOND)
    return [
      noted > 0
        ? fine('Paymob keeps what register_webhook sets: plan changes, cancellations and refunds can be noted there.')
        : odd(
            `No subscription at Paymob shows a note yet (${asked} checked). If plan changes, cancellations and refunds fail with PAYMENT_PROVIDER_ERROR, register_webhook has no effect in this account: run \`npm run paymob-compare\` with its test keys, ask Paymob’s support to switch it on, and until then cancel and refund in its dashboard.`,
          ),
      ...(elsewhere > 0
        ? [
            odd(
              `The callbacks of ${elsewhere} of ${asked} subscriptions go to another address than ${settings.callbackUrl}: set API_URL back, or let their old address lead here. Each one gets the new address with its next change.`,
            ),
          ]
        : []),
    ]
  } catch {
    // The other findings say whether Paymob and the database answer.
    return []
  }
}
