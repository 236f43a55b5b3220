import { checkCatalogue, countLeftovers, createStripeGateway, PROVIDER_BUDGET } from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

type Provider = ReturnType<typeof createStripeGateway>

/** Checks that Stripe accepts the key, and has the prices of the plans on sale. */
export async function checkStripe(config: Config): Promise<Finding[]> {
  const provider = createStripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET,
    apiUrl: config.STRIPE_API_URL,
  })
  const where = config.STRIPE_API_URL ? `the sandbox at ${config.STRIPE_API_URL}` : 'Stripe'
  const access = await provider.withTimeBudget(PROVIDER_BUDGET).checkAccess()
  if (access === 'unreachable') return [wrong(`${where} does not answer: can this machine reach it?`)]
  if (access === 'refused') return [wrong(`${where} refuses the key: copy STRIPE_SECRET_KEY from the dashboard again.`)]
  if (access === 'forbidden')
    return [
      wrong(
        'The key can’t read products: give the restricted key write access to the resources of Billing and Checkout.',
      ),
    ]

  const isLiveMode = config.STRIPE_SECRET_KEY.includes('_live_')
  return [
    fine(`${where} accepts the key (${isLiveMode ? 'live' : 'test'} mode).`),
    ...(config.NODE_ENV === 'production' && !isLiveMode ? [odd('This is a test key: no real money is charged.')] : []),
    ...(await checkPrices(config, provider)),
    ...(await checkLeftovers(config, provider)),
  ]
}

/** Says what belongs to another account or mode than the key, because the key was replaced. */
async function checkLeftovers(config: Config, provider: Provider): Promise<Finding[]> {
  const account = await provider.account()
  if (!account) return [odd('The key may not read the account’s id: nothing can be said about other accounts.')]
  try {
    const leftovers = await askDatabase(config, (em) => countLeftovers(em, { provider: provider.name, account }))
    return leftovers.map(({ account: other, subscriptions, customers, plans }) =>
      odd(
        `Left over from ${other}, which is not the key’s account and mode (${account}): ${subscriptions} live subscriptions, which end with their period, ${customers} customers and ${plans} prices, which are created again when they are needed.`,
      ),
    )
  } catch {
    // The check of the prices says that the database can't be read.
    return []
  }
}

async function checkPrices(config: Config, provider: Provider): Promise<Finding[]> {
  try {
    const { asked, unknown, withdrawn } = await askDatabase(config, (em) =>
      checkCatalogue(em, provider.withTimeBudget(PROVIDER_BUDGET)),
    )
    const findings = [
      ...unknown.map((code) =>
        odd(
          `Stripe has no price for the plan ${code}: it was created in another account or mode. It is created again with the next order.`,
        ),
      ),
      ...withdrawn.map((code) => wrong(`The price of the plan ${code} is archived at Stripe: restore it there.`)),
    ]
    const all = fine(`Stripe has the prices of all plans that have been ordered so far (${asked}).`)
    return findings.length > 0 ? findings : [all]
  } catch {
    return [odd('The prices of the plans could not be checked: see the other findings.')]
  }
}
