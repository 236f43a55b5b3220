import { describe, expect, test } from 'vitest'
import { aMailSite } from '../../../test/mail-site.ts'
import { HOUR } from '../../platform/durations.ts'
import { MAIL_SAMPLES } from '../mail-samples.ts'
import { MailContent } from '../mail.queues.ts'
import { render } from '../render.ts'
import { writeLetter } from './write-letter.ts'

const site = aMailSite()

/** The subject and plain text of a sample, or of a sample with some of its values changed. */
function mail(name: string, changes: object = {}, timeZone: string | null = null) {
  const sample = MAIL_SAMPLES[name]
  if (!sample) throw new Error(`There is no sample ${name}.`)
  const content = MailContent.parse({ ...sample, props: { ...sample.props, ...changes } })
  return render(writeLetter(content, site, { text: '012345', lifetime: HOUR }, timeZone), site)
}

test('a login code is in the subject, so that a notification shows it', () => {
  expect(mail('login-code').subject).toBe('012345 is your login code')
})

test('one seat is one seat', () => {
  expect(mail('seat-limit-near', { used: 1, max: 2 }).text).toContain('room for 2 members, and 1 seat is taken.')
  expect(mail('seat-limit-near', { used: 1, max: 1 }).text).toContain('room for 1 member, and 1 seat is taken.')
})

test.each(['login-code', 'reset-password'])('%s says when and from where it was requested', (name) => {
  const sentence = 'It was requested on 26 November 2026 at 09:30 UTC from Firefox on Windows, IP address 203.0.113.7.'
  expect(mail(name).text).toContain(sentence)
  expect(mail(name, { by: undefined }).text).not.toContain('requested')
})

test('times are in the time zone of the reader, or of a provider that counts days', () => {
  const at = '2026-12-28T22:30:00.000Z'
  const timeOf = (zone: string | null) => /^Time: (.*)$/m.exec(mail('password-changed', { at }, zone).text)?.[1]
  expect(timeOf('America/New_York')).toBe('28 December 2026 at 17:30 GMT-5')
  expect(timeOf('Africa/Johannesburg')).toBe('29 December 2026 at 00:30 GMT+2')
  expect([timeOf(null), timeOf('Gone/Since')]).toEqual(Array(2).fill('28 December 2026 at 22:30 UTC'))

  const endOf = (changes: object) =>
    / ended on (.*?)\. /.exec(mail('subscription-canceled', { endedAt: at, ...changes }, 'Asia/Tokyo').text)?.[1]
  expect(endOf({})).toBe('29 December 2026 (GMT+9)')
  expect(endOf({ timeZone: 'Africa/Cairo' })).toBe('29 December 2026 (Cairo time)')
})

describe('a notice about security', () => {
  test.each(['password-changed', 'email-change-requested', 'email-changed', 'login-method-linked', 'sessions-ended'])(
    '%s says when and from where it was asked for',
    (name) => {
      const details = 'Time: 26 November 2026 at 09:30 UTC\nDevice: Firefox on Windows\nIP address: 203.0.113.7\n'
      expect(mail(name).text).toContain(details)
    },
  )

  test('names the device of the session that was ended', () => {
    const session = 'Safari on iPhone, logged in from 2001:db8:4:1f:9c2e:77aa:51d0:3b6e'
    expect(mail('sessions-ended').text).toContain(`Session that we ended: ${session}\n`)
  })

  test('names only the time if its job is of an older version', () => {
    expect(mail('sessions-ended-old-job').text).toMatch(/Time: .*UTC\n\nPlease log in again/)
  })

  test('shows nothing that a client or proxy has made up', () => {
    const by = { ip: 'call 0800 evil.example', userAgent: 'evil.example/offer' }
    const { text } = mail('password-changed', { by })
    expect(text).toContain('Device: evil\nIP address: unknown\n')
    expect(text).not.toContain('evil.example')
  })
})

const ABOUT_BILLING = Object.keys(MAIL_SAMPLES).filter((name) => 'planName' in (MAIL_SAMPLES[name]?.props ?? {}))

test.each(ABOUT_BILLING)('%s links to the pages of the organization that pays', (name) => {
  const pathsIn = (text: string) => [...text.matchAll(/https:\/\/console\.example(\/\S+)/g)].map(([, path]) => path)
  const accountId = '01a22666-0000-7000-8000-000000000000'
  const paths = pathsIn(mail(name, { invoiceUrl: null }).text)
  expect(paths.join(' ')).toMatch(/^\/(subscription|plans)/)
  expect(pathsIn(mail(name, { invoiceUrl: null, accountId }).text)).toEqual(
    paths.map((path) => `${path}?account=${accountId}`),
  )
})

test.each(ABOUT_BILLING)("%s counts days in the provider's time zone", (name) => {
  const sample = MAIL_SAMPLES[name]
  const content = MailContent.parse({ ...sample, props: { ...sample?.props, timeZone: 'Africa/Cairo' } })
  expect(content.props).toMatchObject({ timeZone: 'Africa/Cairo' })
  expect(mail(name, { timeZone: 'Africa/Cairo' }).text).not.toContain('UTC')
})

describe('a mail about an unpaid invoice', () => {
  test.each(['payment-failed', 'payment-action-required'])('%s says when access ends', (name) => {
    expect(mail(name).text).toContain('Without a payment, your access ends on 29 December 2026 at 10:30 UTC.')
  })

  test('asks to pay the invoice only if there is a page for that', () => {
    expect(mail('payment-failed').text).toContain('Please pay the invoice with another card')
    expect(mail('payment-failed', { invoiceUrl: null }).text).not.toContain('pay the invoice')
  })

  test('says so if there is no access yet, or no longer', () => {
    expect(mail('payment-failed-first').text).toContain("You don't have access until the invoice is paid.")
  })

  test('names no date if access does not depend on the invoice', () => {
    expect(mail('payment-failed', { accessUntil: undefined }).text).toContain(
      'If no payment goes through, your access will end.',
    )
  })
})

describe('a mail about a refund', () => {
  test('names the amount, the invoice, and when the money arrives', () => {
    const { subject, text } = mail('payment-refunded')
    expect(subject).toBe('We refunded $19.00')
    expect(text).toContain('$19.00 of your payment for Pro. It is now refunded in full.\n\nInvoice: ACME-0042\n')
    expect(text).toContain('Banks usually take 5 to 10 business days')
    expect(text).toContain('See the invoice:\nhttps://invoice.stripe.example/')
  })

  test('names neither a plan nor an invoice if there is none', () => {
    expect(mail('payment-refunded-partly').text).toContain(
      'We refunded $7.00 of your payment.\n\nPaid on: 26 November 2026 (UTC)\n',
    )
  })
})

test('a price is named as it is charged, and until when it is discounted', () => {
  const discounted = { amountCents: 1_500, priceCents: 1_500, discountEndsAt: '2027-03-03T12:00:00.000Z' }
  const price = '$15.00 a month (discounted until 3 March 2027)'
  expect(mail('subscription-started', discounted).text).toContain(`Your subscription costs ${price} and renews on`)
  expect(mail('trial-ending', discounted).text).toContain(`We'll charge you ${price} from then on.`)
  const nothing = { amountCents: 0, priceCents: 0, isOverNothing: true }
  expect(mail('subscription-started', { ...discounted, ...nothing }).text).toContain('costs $0.00 a month (discounted')
  expect(mail('subscription-started', nothing).text).toContain("It's free")
})

test.each(['subscription-started', 'subscription-renewed'])('%s names credit only if it has paid something', (name) => {
  expect(mail(name, { amountCents: 0 }).text).toContain('Paid with your account credit.')
  const { text } = mail(name, { amountCents: 0, isOverNothing: true })
  expect(text).toContain('There was nothing to pay this time.')
  expect(text).not.toContain('credit')
})

test('the end of a subscription is explained if a payment had failed', () => {
  const why = "because the last payment didn't go through. You won't be charged again."
  expect(mail('subscription-canceled-unpaid').text).toContain(why)
  expect(mail('subscription-canceled').text).not.toContain('because')
})

describe('a mail about a changed plan', () => {
  test('says what was paid, and links to the invoice', () => {
    const { text } = mail('plan-changed')
    expect(text).toContain('We received your payment of €2,310.45 for the change.')
    expect(text).toContain('See the invoice:\nhttps://invoice.stripe.example/i/acct_1/test_YWNjdF8x\n')
  })

  test('says what is due while the invoice is open', () => {
    expect(mail('plan-changed-open').text).toContain('The change costs $28.75 now.')
  })

  test('mentions only the credit if the change cost nothing', () => {
    const { text } = mail('plan-changed-free')
    expect(text).toContain('We credited any unused time')
    expect(text).not.toContain('invoice')
  })
})
