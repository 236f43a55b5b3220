import { checkCatalogue, createStripeGateway, PROVIDER_BUDGET } from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

type Provider = ReturnType<typeof createStripeGateway>

/** Whether Stripe takes the key, and has the prices of the plans on offer. */
export async function checkStripe(config: Config): Promise<Finding[]> {
  const provider = createStripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET,
    apiUrl: config.STRIPE_API_URL,
  })
  const where = config.STRIPE_API_URL ? `the sandbox at ${config.STRIPE_API_URL}` : 'Stripe'
  const access = await provider.withTimeBudget(PROVIDER_BUDGET).checkAccess()
  if (access === 'unreachable') return [wrong(`${where} does not answer: is the way out open?`)]
  if (access === 'refused') return [wrong(`${where} refuses the key: copy STRIPE_SECRET_KEY from the dashboard anew.`)]
  if (access === 'forbidden')
    return [
      wrong(
        'The key may not read products: give the restricted key write access to the resources of Billing and Checkout.',
      ),
    ]

  const isLive = config.STRIPE_SECRET_KEY.includes('_live_')
  return [
    fine(`${where} takes the key (${isLive ? 'live' : 'test'} mode).`),
    ...(config.NODE_ENV === 'production' && !isLive ? [odd('This is a test key: nobody pays real money.')] : []),
    ...(await checkPrices(config, provider)),
  ]
}

async function checkPrices(config: Config, provider: Provider): Promise<Finding[]> {
  try {
    const { asked, unknown, withdrawn } = await askDatabase(config, (em) =>
      checkCatalogue(em, provider.withTimeBudget(PROVIDER_BUDGET)),
    )
    const findings = [
      ...unknown.map((code) =>
        wrong(
          `Stripe has no price for the plan ${code}: use the key of the account and mode that made it, or, with a sandbox, its state of then.`,
        ),
      ),
      ...withdrawn.map((code) => wrong(`The price of the plan ${code} is archived at Stripe: activate it there.`)),
    ]
    const all = fine(`It has the prices of all plans on offer that anybody has wanted yet (${asked}).`)
    return findings.length > 0 ? findings : [all]
  } catch {
    return [odd('The plans’ prices could not be compared: see the other findings.')]
  }
}
