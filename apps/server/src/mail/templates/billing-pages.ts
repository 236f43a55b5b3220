import type { MailPages } from '../mail-pages.ts'

interface Payer {
  /** The organization that pays; undefined for the reader's personal account. */
  accountId?: string | undefined
}

/** The page with the account's subscription. */
export const subscriptionPage = ({ webUrl }: MailPages, payer: Payer): string =>
  `${webUrl}/subscription${accountIn(payer)}`

/** The page with the plans, for the account. */
export const plansPage = ({ webUrl }: MailPages, payer: Payer): string => `${webUrl}/plans${accountIn(payer)}`

const accountIn = ({ accountId }: Payer): string => (accountId === undefined ? '' : `?account=${accountId}`)
