import { createPaymobGateway } from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { paymobAddresses, paymobKeys, isPaymobs } from '../../paymob-settings.ts'
import { systemClock } from '../../platform/clock.ts'
import { hostnameIsLoopback } from '../../platform/http/loopback.ts'
import { checkProvider } from './check-provider.ts'
import { fine, odd, type Finding } from './finding.ts'

/** Checks Paymob's keys and plans, and says which addresses its dashboard needs. Nothing while Paymob is off. */
export async function checkPaymob(config: Config): Promise<Finding[]> {
  const keys = paymobKeys(config)
  if (!keys) return [fine('Paymob is off: none of its settings is set.')]
  const addresses = paymobAddresses(config)
  const now = async () => systemClock.now()
  const provider = createPaymobGateway({ ...keys, ...addresses, clock: systemClock, now })
  const isSandbox = !isPaymobs(config.PAYMOB_URL)
  const where = isSandbox ? `the sandbox at ${config.PAYMOB_URL}` : config.PAYMOB_URL
  const refused = `${where} refuses the keys: copy PAYMOB_API_KEY and PAYMOB_SECRET_KEY from the dashboard again, and set PAYMOB_URL to the host of the account’s country.`
  return [
    ...(await checkProvider(config, provider, { where, refused, forbidden: refused })),
    fine(
      `Payments by integration ${keys.cardIntegration}, renewals by ${keys.motoIntegration}. In the dashboard, both have the callbacks ${addresses.callbackUrl} (processed) and ${addresses.returnUrl} (response).`,
    ),
    ...(!isSandbox && hostnameIsLoopback(new URL(config.API_URL).hostname)
      ? [odd('Paymob can’t reach this machine, so no callback arrives: set API_URL to an address that it can reach.')]
      : []),
  ]
}
