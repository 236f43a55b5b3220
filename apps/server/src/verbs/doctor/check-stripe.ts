import { createStripeGateway, PROVIDER_BUDGET, type PaymentGateway } from '../../billing/index.ts'
import type { Config } from '../../config.ts'
import { checkProvider } from './check-provider.ts'
import { fine, odd, type Finding } from './finding.ts'

/** Checks that Stripe accepts the key, and has the prices of the plans on sale. */
export async function checkStripe(config: Config): Promise<Finding[]> {
  const provider = createStripeGateway({
    secretKey: config.STRIPE_SECRET_KEY,
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET,
    apiUrl: config.STRIPE_API_URL,
  })
  const where = config.STRIPE_API_URL ? `the sandbox at ${config.STRIPE_API_URL}` : 'Stripe'
  const findings = await checkProvider(config, provider, {
    where,
    refused: `${where} refuses the key: copy STRIPE_SECRET_KEY from the dashboard again.`,
    forbidden:
      'The key can’t read products: give the restricted key write access to the resources of Billing and Checkout.',
  })
  return [...findings, ...(config.TAX === 'stripe' ? await checkTax(provider) : []), ...(await checkMails(provider))]
}

/** Says what Stripe's tax settings lack. */
async function checkTax(provider: PaymentGateway): Promise<Finding[]> {
  try {
    const problems = await provider.withTimeBudget(PROVIDER_BUDGET).findTaxProblems()
    return problems.length > 0 ? problems.map((problem) => odd(problem)) : [fine('Stripe Tax is set up.')]
  } catch {
    return [odd('The settings of Stripe Tax could not be checked: see the other findings.')]
  }
}

/** Stripe's settings for emails can't be read, but a receipt that it has sent can be seen. */
async function checkMails(provider: PaymentGateway): Promise<Finding[]> {
  // If Stripe does not answer, the other findings say so.
  const sends = await provider
    .withTimeBudget(PROVIDER_BUDGET)
    .sendsReceipts()
    .catch(() => null)
  return sends
    ? [
        odd(
          'Stripe emails receipts for payments, and this server mails about payments and refunds, too. Turn off "Successful payments" and "Refunds" under Customer emails in Stripe’s dashboard, and look at the emails about failed payments and expiring cards there.',
        ),
      ]
    : []
}
