import {
  checkCatalogue,
  countLeftovers,
  PROVIDER_BUDGET,
  PROVIDER_LABELS,
  type PaymentGateway,
} from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

/** What the findings say about one provider. */
export interface ProviderWords {
  /** The provider itself, or a sandbox and where it is. */
  where: string
  /** What to do if it refuses the keys, or if they lack a permission. */
  refused: string
  forbidden: string
}

/** Checks that a payment provider accepts the keys, and has the prices of its plans on sale. */
export async function checkProvider(
  config: Config,
  provider: PaymentGateway,
  { where, refused, forbidden }: ProviderWords,
): Promise<Finding[]> {
  const access = await provider.withTimeBudget(PROVIDER_BUDGET).checkAccess()
  if (access === 'unreachable') return [wrong(`${where} does not answer: can this machine reach it?`)]
  if (access === 'refused') return [wrong(refused)]
  if (access === 'forbidden') return [wrong(forbidden)]

  const { isLiveMode } = provider
  return [
    fine(`${where} accepts the key (${isLiveMode ? 'live' : 'test'} mode).`),
    ...(config.NODE_ENV === 'production' && !isLiveMode ? [odd('This is a test key: no real money is charged.')] : []),
    ...(await checkPrices(config, provider)),
    ...(await checkLeftovers(config, provider)),
  ]
}

/** Says what belongs to another account or mode than the key, because the key was replaced. */
async function checkLeftovers(config: Config, provider: PaymentGateway): Promise<Finding[]> {
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

async function checkPrices(config: Config, provider: PaymentGateway): Promise<Finding[]> {
  const name = PROVIDER_LABELS[provider.name]
  try {
    const { asked, unknown, withdrawn } = await askDatabase(config, (em) =>
      checkCatalogue(em, provider.withTimeBudget(PROVIDER_BUDGET)),
    )
    const findings = [
      ...unknown.map((code) =>
        odd(
          `${name} has no price for the plan ${code}: it was created in another account or mode. It is created again with the next order.`,
        ),
      ),
      ...withdrawn.map((code) => wrong(`The price of the plan ${code} is archived at ${name}: restore it there.`)),
    ]
    const all = fine(`${name} has the prices of all plans that have been ordered so far (${asked}).`)
    return findings.length > 0 ? findings : [all]
  } catch {
    return [odd('The prices of the plans could not be checked: see the other findings.')]
  }
}
