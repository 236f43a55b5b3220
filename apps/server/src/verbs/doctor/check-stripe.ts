import { createStripeGateway } from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { checkProvider } from './check-provider.ts'
import type { Finding } from './finding.ts'

/** Checks that Stripe accepts the key, and has the prices of the plans on sale. */
export async function checkStripe(config: Config): Promise<Finding[]> {
  const provider = createStripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET,
    apiUrl: config.STRIPE_API_URL,
  })
  const where = config.STRIPE_API_URL ? `the sandbox at ${config.STRIPE_API_URL}` : 'Stripe'
  return checkProvider(config, provider, {
    where,
    refused: `${where} refuses the key: copy STRIPE_SECRET_KEY from the dashboard again.`,
    forbidden:
      'The key can’t read products: give the restricted key write access to the resources of Billing and Checkout.',
  })
}
