import type { Link } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'

interface Payer {
  /** The organization that pays; undefined for the reader's personal account. */
  accountId?: string | undefined
}

/** The page with the account's subscription. */
export const subscriptionPage = ({ webUrl }: MailSite, payer: Payer): string =>
  `${webUrl}/subscription${accountIn(payer)}`

/** The same page, as the usual button of an email about billing. */
export const subscriptionLink = (site: MailSite, payer: Payer): Link => ({
  label: site.texts.pages.subscription,
  url: subscriptionPage(site, payer),
})

/** The page with the plans, for the account. */
export const plansPage = ({ webUrl }: MailSite, payer: Payer): string => `${webUrl}/plans${accountIn(payer)}`

const accountIn = ({ accountId }: Payer): string => (accountId === undefined ? '' : `?account=${accountId}`)
